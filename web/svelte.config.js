export default {
  compilerOptions: {
    runes: true,
    // From the content and not from the path: the built pages are compared byte for byte,
    // wherever the checkout lies.
    cssHash: ({ css, hash }) => `s-${hash(css)}`,
  },
};
