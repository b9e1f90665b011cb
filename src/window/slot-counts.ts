/**
 * How the lines of each shape lie along an axis, time or line numbers, whose ends nobody knows while
 * lines come: in slots all of one width, a power of two, which doubles whenever the slots no longer
 * reach from the first line to the last. A shape whose lines lie in one slot, as most do, takes
 * nine bytes; others take a count for each slot.
 */

/** From half as many to so many are in use, once there are lines enough. */
export const slotsMax = 64;
const capacityFirst = 1_024;

export class SlotCounts {
  /** The first place on the axis that has a line, and the last. */
  least = Infinity;
  most = -Infinity;
  /** Slot s reaches from s · 2^exponent up to the next. */
  #exponent = 0;
  /** The lowest slot and the highest that have lines. Slot s stands at s modulo slotsMax. */
  #low = 0;
  #high = -1;
  /** By shape: its one slot and the lines there; or 1 + its place in #rows. */
  #slots = new Uint8Array(capacityFirst);
  #counts = new Uint32Array(capacityFirst);
  #places = new Uint32Array(capacityFirst);
  #rows = new Uint32Array(slotsMax);
  #rowCount = 0;
  readonly #freeRows: number[] = [];

  /** Slots from the first line to the last. */
  get slotCount(): number {
    return this.#high - this.#low + 1;
  }

  /** Where the first of them begins. */
  get start(): number {
    return this.#low * this.width;
  }

  get width(): number {
    return 2 ** this.#exponent;
  }

  get bytes(): number {
    const shapes = this.#slots.byteLength + this.#counts.byteLength + this.#places.byteLength;
    return shapes + this.#rows.byteLength;
  }

  /**
   * Lines of a shape came.
   * @param at - milliseconds, or the number of the line
   */
  add(shape: number, at: number, count = 1): void {
    if (shape >= this.#slots.length) this.#grow(shape);
    this.least = Math.min(this.least, at);
    this.most = Math.max(this.most, at);
    const slot = placeOf(this.#reach(at));
    const place = this.#places[shape]!;
    if (place > 0) {
      this.#rows[(place - 1) * slotsMax + slot]! += count;
    } else if (this.#counts[shape] === 0 || this.#slots[shape] === slot) {
      this.#slots[shape] = slot;
      this.#counts[shape]! += count;
    } else {
      const row = this.#takeRow();
      this.#places[shape] = row + 1;
      this.#rows[row * slotsMax + this.#slots[shape]!] = this.#counts[shape]!;
      this.#rows[row * slotsMax + slot]! += count;
    }
  }

  /** The shape's number may be another's next. */
  forget(shape: number): void {
    if (shape >= this.#slots.length) return;
    const place = this.#places[shape]!;
    if (place > 0) this.#freeRows.push(place - 1);
    this.#places[shape] = 0;
    this.#counts[shape] = 0;
  }

  /** Adds a shape's lines to those of others, slot by slot. */
  addTo(sums: number[], shape: number): void {
    const place = this.#places[shape] ?? 0;
    for (let index = sums.length; index < this.slotCount; index += 1) sums.push(0);
    if (place === 0 && (this.#counts[shape] ?? 0) === 0) return;
    if (place === 0) {
      const slot = (this.#slots[shape]! - placeOf(this.#low) + slotsMax) % slotsMax;
      sums[slot]! += this.#counts[shape]!;
      return;
    }
    const start = (place - 1) * slotsMax;
    for (let slot = this.#low; slot <= this.#high; slot += 1) {
      sums[slot - this.#low]! += this.#rows[start + placeOf(slot)]!;
    }
  }

  /** @returns the slot of a place on the axis, once the slots reach so far */
  #reach(at: number): number {
    let slot = Math.floor(at / this.width);
    if (this.#high < this.#low) this.#low = this.#high = slot;
    while (Math.max(this.#high, slot) - Math.min(this.#low, slot) >= slotsMax) {
      this.#halve();
      slot = Math.floor(at / this.width);
    }
    this.#low = Math.min(this.#low, slot);
    this.#high = Math.max(this.#high, slot);
    return slot;
  }

  /** Two slots become one. */
  #halve(): void {
    const [low, high] = [this.#low, this.#high];
    for (let shape = 0; shape < this.#slots.length; shape += 1) {
      const offset = (this.#slots[shape]! - placeOf(low) + slotsMax) % slotsMax;
      this.#slots[shape] = placeOf(Math.floor((low + offset) / 2));
    }
    const halved = new Uint32Array(slotsMax);
    for (let start = 0; start < this.#rowCount * slotsMax; start += slotsMax) {
      halved.fill(0);
      for (let slot = low; slot <= high; slot += 1) {
        halved[placeOf(Math.floor(slot / 2))]! += this.#rows[start + placeOf(slot)]!;
      }
      this.#rows.set(halved, start);
    }
    this.#low = Math.floor(low / 2);
    this.#high = Math.floor(high / 2);
    this.#exponent += 1;
  }

  #takeRow(): number {
    const row = this.#freeRows.pop() ?? this.#rowCount++;
    if (this.#rowCount * slotsMax > this.#rows.length) {
      const larger = new Uint32Array(this.#rows.length * 2);
      larger.set(this.#rows);
      this.#rows = larger;
    }
    this.#rows.fill(0, row * slotsMax, (row + 1) * slotsMax);
    return row;
  }

  #grow(shape: number): void {
    const capacity = Math.max(shape + 1, this.#slots.length * 2);
    const larger = <T extends Uint8Array | Uint32Array>(next: T, old: T): T => {
      next.set(old);
      return next;
    };
    this.#slots = larger(new Uint8Array(capacity), this.#slots);
    this.#counts = larger(new Uint32Array(capacity), this.#counts);
    this.#places = larger(new Uint32Array(capacity), this.#places);
  }
}

function placeOf(slot: number): number {
  return ((slot % slotsMax) + slotsMax) % slotsMax;
}
