/**
 * An indexed binary heap of event times (Gibson & Bruck 2000, doi:10.1021/jp993732q): the earliest event in O(1), a changed
 * time in O(log n). Ties are broken by index, so that the order never depends on history.
 */
export class TimeQueue {
  readonly times: Float64Array;
  private readonly heap: Int32Array;
  private readonly place: Int32Array;

  constructor(size: number) {
    this.times = new Float64Array(size);
    this.heap = new Int32Array(size);
    this.place = new Int32Array(size);
    for (let i = 0; i < size; i++) {
      this.heap[i] = i;
      this.place[i] = i;
    }
  }

  /** Restores the order after all of `times` were written. */
  rebuild(): void {
    const { heap, place } = this;
    for (let i = 0; i < heap.length; i++) {
      heap[i] = i;
      place[i] = i;
    }
    for (let i = (heap.length >>> 1) - 1; i >= 0; i--) this.sink(i);
  }

  /** The event with the least time. */
  first(): number {
    return this.heap[0];
  }

  /** Restores the order after one of `times` was written; `earlier`: it is less than before. */
  moved(event: number, earlier: boolean): void {
    if (earlier) this.rise(this.place[event]);
    else this.sink(this.place[event]);
  }

  private rise(start: number): void {
    const { heap, place, times } = this;
    const event = heap[start];
    const time = times[event];
    let i = start;
    while (i > 0) {
      const parent = (i - 1) >>> 1;
      const other = heap[parent];
      if (times[other] < time || (times[other] === time && other < event)) break;
      heap[i] = other;
      place[other] = i;
      i = parent;
    }
    heap[i] = event;
    place[event] = i;
  }

  private sink(start: number): void {
    const { heap, place, times } = this;
    const size = heap.length;
    const event = heap[start];
    const time = times[event];
    let i = start;
    for (let child = 2 * i + 1; child < size; child = 2 * i + 1) {
      let least = heap[child];
      if (child + 1 < size) {
        const right = heap[child + 1];
        if (times[right] < times[least] || (times[right] === times[least] && right < least)) {
          least = right;
          child++;
        }
      }
      if (time < times[least] || (time === times[least] && event < least)) break;
      heap[i] = least;
      place[least] = i;
      i = child;
    }
    heap[i] = event;
    place[event] = i;
  }
}
