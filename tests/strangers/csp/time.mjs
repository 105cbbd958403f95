// The stranger's own time: the wall clock, which a test may set forward, and everything that waits for it.

let ahead = 0;

export const now = () => Date.now() + ahead;
export const stamp = (ms = now()) => new Date(ms).toISOString();

// What one life of the platform waits for. When the life ends, nobody who waits goes on.
export class Agenda {
  constructor() {
    this.waiting = new Set();
    this.open = 0; // calls that are under way
    this.over = false;
    this.abort = new AbortController();
  }

  sleep(ms) {
    return new Promise((wake) => {
      if (this.over) return;
      const entry = { due: now() + ms, wake, timer: null };
      this.waiting.add(entry);
      this.arm(entry);
    });
  }

  arm(entry) {
    clearTimeout(entry.timer);
    entry.timer = setTimeout(() => {
      if (this.waiting.delete(entry)) entry.wake();
    }, Math.max(0, entry.due - now()));
  }

  forward(ms) {
    ahead += ms;
    for (const entry of this.waiting) this.arm(entry);
  }

  // Run something that may fail only by our own mistake.
  start(work) {
    this.open += 1;
    work()
      .catch((mistake) => { if (!this.over) console.error(mistake); })
      .finally(() => { this.open -= 1; });
  }

  // The same for work that counts as rest while somebody holds it back.
  idle(promise) {
    promise.catch((mistake) => { if (!this.over) console.error(mistake); });
  }

  get atRest() { return this.open === 0 && this.waiting.size === 0; }

  end() {
    this.over = true;
    for (const entry of this.waiting) clearTimeout(entry.timer);
    this.waiting.clear();
    this.abort.abort();
  }
}
