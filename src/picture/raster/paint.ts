import { layOutPlates } from '../plates.ts';
import type { Scene } from '../scene.ts';
import type { Subject } from '../subject.ts';
import { THEMES } from '../theme.ts';
import type { StageView } from '../view.ts';
import { paintCells } from './cellRaster.ts';
import { paintFields } from './fieldRaster.ts';
import { createImage, type Image } from './image.ts';
import { PlateRaster } from './plateRaster.ts';

/** A scene as pixels, `ratio` to a CSS pixel: what the app's stage shows, without a graphics card. */
export function paintScene({ grid }: Subject, scene: Scene, view: StageView, ratio: number): Image {
  const { window, camera, place, planes, tables, cells, captions } = scene;
  const theme = THEMES[view.theme];
  const image = createImage(
    Math.round(window.width * ratio),
    Math.round(window.height * ratio),
    theme.background,
  );
  const [left, top, right, bottom] = place.map(edge => edge * ratio);
  const [nx, ny] = grid.cells;
  paintFields(
    image,
    {
      place: [left, top, right, bottom],
      cells: [nx, ny],
      layers: planes,
      tables,
      contours: view.contours,
      dark: view.theme === 'dark',
      ratio,
    },
    theme,
  );
  paintCells(image, cells, { scale: camera.scale * ratio, left, top: bottom, ratio }, theme.background);
  const measuring = new PlateRaster(image, 1, 0, 0);
  for (const plate of layOutPlates(measuring, captions, theme)) {
    plate.draw(new PlateRaster(image, ratio, plate.x, plate.y));
  }
  return image;
}
