/** A title as the name of a file: `quorum-sensing-in-a-growing-microcolony`. */
export function fileNameOf(title: string): string {
  const name = title
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60);
  return name || 'scenario';
}
