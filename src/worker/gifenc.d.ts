/** The part of gifenc (1.0.3, without types of its own) that is used. */
declare module 'gifenc' {
  type Palette = [red: number, green: number, blue: number][];

  interface Encoder {
    readonly stream: { writeByte(byte: number): void };
    writeHeader(): void;
    writeFrame(
      index: Uint8Array,
      width: number,
      height: number,
      options: { palette: Palette; first: boolean; delay: number; repeat: number },
    ): void;
    finish(): void;
    /** A copy of what was written. */
    bytes(): Uint8Array<ArrayBuffer>;
  }

  /** `auto: false`: the caller writes the header. */
  export function GIFEncoder(options: { auto: boolean }): Encoder;
  export function quantize(rgba: Uint8Array, colours: number, options: { format: 'rgb565' }): Palette;
  export function applyPalette(rgba: Uint8Array, palette: Palette, format: 'rgb565'): Uint8Array;
}
