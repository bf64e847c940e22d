import type { Locator } from 'playwright-core';
import { decodeQR } from 'qr/decode.js';
import { pictureOf } from './picture-of.ts';

interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray;
}

/** An expression for a browser, in which the DOM is: it has no types in this project. */
const pixelsOf = (png: string) => `(async () => {
  const bytes = Uint8Array.from(atob('${png}'), (character) => character.charCodeAt(0));
  const image = await createImageBitmap(new Blob([bytes]));
  const { width, height } = image;
  const canvas = new OffscreenCanvas(width, height).getContext('2d');
  canvas.drawImage(image, 0, 0);
  return { width, height, data: canvas.getImageData(0, 0, width, height).data };
})()`;

/** Reads the QR code off the screen, as a phone does. Throws where there is none. */
export async function readQr(element: Locator): Promise<string> {
  const png = await pictureOf(element);
  const browser = element.page().context().browser();
  if (!browser) throw new Error('The page has no browser to decode the picture in.');
  // A page of its own: the one with the code may have JavaScript turned off.
  const decoder = await browser.newPage();
  try {
    const pixels = await decoder.evaluate<Pixels>(pixelsOf(png.toString('base64')));
    return decodeQR(pixels);
  } finally {
    await decoder.close();
  }
}
