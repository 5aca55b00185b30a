import { between, type Camera, easeOut } from '../../picture/camera.ts';

/** ms that a movement of the camera takes. */
export const MOTION = 140;

/** A camera that glides to where it is sent. Times in ms. */
export class CameraMotion {
  #from: Camera;
  #to: Camera;
  #start = Number.NEGATIVE_INFINITY;

  constructor(camera: Camera) {
    this.#from = camera;
    this.#to = camera;
  }

  /** Where it is going; what further movements build on. */
  get target(): Camera {
    return this.#to;
  }

  /** Sends it elsewhere from where it is now, at once or gliding. */
  send(to: Camera, now: number, glide: boolean): void {
    this.#from = glide ? this.at(now) : to;
    this.#start = glide ? now : Number.NEGATIVE_INFINITY;
    this.#to = to;
  }

  /** Moves the whole path, so that a drag during a glide follows the hand. */
  shift(dx: number, dy: number): void {
    this.#from = { ...this.#from, x: this.#from.x + dx, y: this.#from.y + dy };
    this.#to = { ...this.#to, x: this.#to.x + dx, y: this.#to.y + dy };
  }

  at(now: number): Camera {
    return between(this.#from, this.#to, easeOut((now - this.#start) / MOTION));
  }

  moving(now: number): boolean {
    return now - this.#start < MOTION;
  }
}
