// Makes src/lib/wire.ts, the types of the wire, from docs/formats/openapi.json.
//
//   node dev/types.mjs           writes the file
//   node dev/types.mjs --check   fails when the file is not what the document says

import { readFileSync, writeFileSync } from 'node:fs';

const source = new URL('../../docs/formats/openapi.json', import.meta.url);
const target = new URL('../src/lib/wire.ts', import.meta.url);

function typeOf(schema) {
  if (schema.$ref) return schema.$ref.split('/').at(-1);
  const choices = schema.oneOf ?? schema.anyOf;
  if (choices) return choices.map(typeOf).join(' | ');
  if (schema.enum) return schema.enum.map((word) => JSON.stringify(word)).join(' | ');
  const types = [schema.type].flat();
  return types.map((type) => simpleType(type, schema)).join(' | ');
}

function simpleType(type, schema) {
  switch (type) {
    case 'string':
    case 'boolean':
    case 'null':
      return type;
    case 'integer':
    case 'number':
      return 'number';
    case 'array': {
      const item = typeOf(schema.items);
      return item.includes(' ') ? `(${item})[]` : `${item}[]`;
    }
    case 'object':
      return fields(schema);
    default:
      throw new Error(`a schema of type ${type} has no TypeScript here: ${JSON.stringify(schema)}`);
  }
}

function fields(schema) {
  const required = new Set(schema.required ?? []);
  const lines = Object.entries(schema.properties ?? {}).map(([name, property]) => {
    const text = property.description?.replaceAll('\n', ' ');
    return `${text ? `/** ${text} */ ` : ''}${name}${required.has(name) ? '' : '?'}: ${typeOf(property)};`;
  });
  return `{\n  ${lines.join('\n  ')}\n}`;
}

const schemas = JSON.parse(readFileSync(source, 'utf8')).components.schemas;
const parts = Object.entries(schemas).map(([name, schema]) => {
  const text = schema.description ? `/** ${schema.description.replaceAll('\n', '\n * ')} */\n` : '';
  return `${text}export type ${name} = ${typeOf(schema)};\n`;
});
const made = `// Made by dev/types.mjs from docs/formats/openapi.json: do not edit.\n\n${parts.join('\n')}`;

if (process.argv.includes('--check')) {
  if (readFileSync(target, 'utf8') !== made) {
    console.error('src/lib/wire.ts is not what docs/formats/openapi.json says: run npm run types');
    process.exit(1);
  }
} else {
  writeFileSync(target, made);
}
