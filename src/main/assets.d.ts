/** A file that the build copies beside the main process; the import gives its path. */
declare module '*?asset' {
  const path: string;
  export default path;
}
