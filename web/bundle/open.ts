// The page of a bundle: asks for the passphrase, opens what is sealed in the same file, plays it.

import { Decrypter } from 'age-encryption';
import { bytesOf, filesOf, passphraseOf } from './container';

interface Words {
  ko: string;
  en: string;
}

interface Clip {
  file: string;
  camera: string;
  from: string;
  until: string;
  masked: boolean;
  gaps: { from: string; until: string; cause: Words }[];
}

interface Cover {
  number: string;
  agency: Words;
  contact: string;
  sealed_at: string;
  recipient: string;
  purpose: string;
  use_until: string | null;
  conditions: Words[];
  clips: Clip[];
}

const at = (id: string) => document.getElementById(id) as HTMLElement;

/** Text, never markup: what a person typed stands in it. */
function put(parent: HTMLElement, tag: string, text: string, en = '') {
  const element = document.createElement(tag);
  element.textContent = en ? `${text} ` : text;
  if (en) {
    const english = document.createElement('span');
    english.className = 'en';
    english.lang = 'en';
    english.textContent = en;
    element.append(english);
  }
  parent.append(element);
  return element;
}

/** In Korea, wherever the reader is. */
function moment(text: string) {
  const parts = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Seoul', dateStyle: 'short', timeStyle: 'medium' });
  const when = new Date(text);
  return Number.isNaN(when.getTime()) ? text : parts.format(when);
}

const span = (from: string, until: string) => `${moment(from)} ~ ${moment(until)}`;

function mistake(ko: string, en: string) {
  const line = at('mistake');
  line.replaceChildren();
  line.hidden = !ko;
  if (ko) put(line, 'span', ko, en);
  at('passphrase').toggleAttribute('aria-invalid', false);
  if (ko) at('passphrase').setAttribute('aria-invalid', 'true');
}

function work(ko: string, en: string) {
  at('work').replaceChildren();
  if (ko) put(at('work'), 'span', ko, en);
}

/** Lets the page draw what it says before the work begins. */
const drawn = () => new Promise((done) => setTimeout(done, 50));

function showClip(clip: Clip, bytes: Uint8Array) {
  const place = at('clips');
  const name = put(place, 'h3', `${clip.camera}, `);
  put(name, 'span', `${moment(clip.from)} ~`).className = 'at';
  name.append(' ');
  put(name, 'span', moment(clip.until)).className = 'at';
  const masked = clip.masked ? ['다른 사람은 가려져 있습니다.', 'Other people are covered.'] : ['가리지 않은 영상입니다.', 'Nobody is covered.'];
  put(place, 'p', masked[0]!, masked[1]);
  const video = document.createElement('video');
  video.controls = true;
  video.playsInline = true;
  video.setAttribute('aria-label', clip.camera);
  video.src = URL.createObjectURL(new Blob([bytes as BlobPart], { type: 'video/mp4' }));
  place.append(video);
  for (const gap of clip.gaps) {
    put(place, 'p', `영상이 없는 구간 ${span(gap.from, gap.until)}: ${gap.cause.ko}`, `no picture: ${gap.cause.en}`);
  }
}

function showCover(cover: Cover) {
  put(at('of-what'), 'span', `${cover.agency.ko}, ${cover.number}`, cover.agency.en);
  const rows: [string, string, string][] = [
    ['받는 분', 'For', cover.recipient],
    ['목적', 'Purpose', cover.purpose],
    ['사용 기한', 'To be used until', cover.use_until ?? '정해지지 않음 · none'],
    ['봉인한 때', 'Sealed', moment(cover.sealed_at)],
    ['문의', 'Contact', cover.contact],
  ];
  for (const [ko, en, text] of rows) {
    put(at('cover'), 'dt', ko, en);
    put(at('cover'), 'dd', text);
  }
  if (cover.conditions.length === 0) return;
  put(at('conditions'), 'h2', '지킬 것', 'Conditions');
  const list = put(at('conditions'), 'ul', '');
  for (const one of cover.conditions) put(list, 'li', one.ko, one.en);
}

function offer(name: string, bytes: Uint8Array | string, type: string, ko: string, en: string) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([bytes as BlobPart], { type }));
  link.download = name;
  link.textContent = `${ko} (${name})`;
  put(put(at('files'), 'li', ''), 'span', ' ', en).before(link);
}

function show(files: Map<string, Uint8Array>) {
  const cover = JSON.parse(new TextDecoder().decode(files.get('cover.json'))) as Cover;
  showCover(cover);
  for (const clip of cover.clips) {
    const bytes = files.get(clip.file);
    if (!bytes) throw new Error(`${clip.file} is missing`);
    showClip(clip, bytes);
    offer(clip.file, bytes, 'video/mp4', '영상', 'Clip');
  }
  const pdf = files.get('cover.pdf');
  if (pdf) offer('cover.pdf', pdf, 'application/pdf', '표지', 'Cover sheet');
  offer('receipt.txt', at('receipt').textContent ?? '', 'text/plain', '영수증', 'Receipt');
  at('closed').hidden = true;
  at('opened').hidden = false;
  at('opened').focus();
}

async function open(passphrase: string) {
  const sealed = bytesOf((at('sealed').textContent ?? '').trim());
  const decrypter = new Decrypter();
  decrypter.addPassphrase(passphrase);
  return filesOf(await decrypter.decrypt(sealed));
}

async function submit(event: Event) {
  event.preventDefault();
  const button = at('open') as HTMLButtonElement;
  const passphrase = passphraseOf((at('passphrase') as HTMLInputElement).value);
  mistake('', '');
  if (!passphrase) {
    mistake('암호는 네 글자씩 다섯 묶음입니다. 다시 보아 주십시오.', 'A passphrase has five groups of four letters: please look again.');
    at('passphrase').focus();
    return;
  }
  button.disabled = true;
  work('여는 중입니다. 큰 파일은 조금 걸립니다.', 'Opening; a large file takes a while.');
  await drawn();
  try {
    show(await open(passphrase));
    work('', '');
  } catch {
    work('', '');
    mistake('열리지 않습니다. 암호가 다르거나 파일이 바뀌었습니다.', 'It does not open: the passphrase is another one, or the file was changed.');
    at('passphrase').focus();
  } finally {
    button.disabled = false;
  }
}

document.addEventListener('DOMContentLoaded', () => {
  // A file that was cut short on its way has no receipt, and may have half of what is sealed.
  if (!document.getElementById('sealed') || !document.getElementById('receipt')) {
    mistake('파일이 끝까지 오지 않았습니다. 다시 받아 주십시오.', 'The file did not arrive whole: please ask for it again.');
    return;
  }
  at('form').addEventListener('submit', (event) => void submit(event));
  (at('open') as HTMLButtonElement).disabled = false;
});
