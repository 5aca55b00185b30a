/** A colour as sRGB, each 0 … 255. */
export type Rgb = readonly [red: number, green: number, blue: number];

/**
 * OKLab (Björn Ottosson 2020, https://bottosson.github.io/posts/oklab): equal distances look equally different, so hues
 * of one lightness and chroma differ in hue only. Lightness 0 … 1, a and b about ±0.3. Colours outside sRGB are clamped.
 */
export function oklabToRgb(lightness: number, a: number, b: number): Rgb {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    encode(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    encode(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    encode(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ];
}

export function rgbToOklab([red, green, blue]: Rgb): [lightness: number, a: number, b: number] {
  const r = decode(red);
  const g = decode(green);
  const b = decode(blue);
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

/** Hue in radians. */
export function oklchToRgb(lightness: number, chroma: number, hue: number): Rgb {
  return oklabToRgb(lightness, chroma * Math.cos(hue), chroma * Math.sin(hue));
}

/** The colour a share t of the way from one to another, in OKLab. */
export function mixColours(from: Rgb, to: Rgb, t: number): Rgb {
  const f = rgbToOklab(from);
  const g = rgbToOklab(to);
  return oklabToRgb(f[0] + t * (g[0] - f[0]), f[1] + t * (g[1] - f[1]), f[2] + t * (g[2] - f[2]));
}

/** Linear light (0 … 1) to sRGB (0 … 255), IEC 61966-2-1. */
function encode(linear: number): number {
  const value = linear <= 0.0031308 ? 12.92 * linear : 1.055 * linear ** (1 / 2.4) - 0.055;
  return Math.round(255 * Math.min(1, Math.max(0, value)));
}

function decode(value: number): number {
  const v = value / 255;
  return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
}
