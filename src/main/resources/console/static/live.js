// A view that asks again while it is looked at.
import { Loading } from './loading.js';

const EVERY_MILLIS = 5_000;
const LONGEST_MILLIS = 15_000;

/** What it shows stays in its place, and when it cannot ask, it says of when that is. */
export class Live extends Loading {
  componentDidMount() {
    super.componentDidMount();
    this.timer = setInterval(this.again, EVERY_MILLIS);
    document.addEventListener('visibilitychange', this.again);
  }

  componentWillUnmount() {
    super.componentWillUnmount();
    clearInterval(this.timer);
    document.removeEventListener('visibilitychange', this.again);
  }

  /** What hangs is given up, so that it can be asked again. */
  run(reading, quietly) {
    return super.run((signal) => reading(AbortSignal.any([signal, AbortSignal.timeout(LONGEST_MILLIS)])), quietly);
  }

  again = async () => {
    if (document.hidden || this.state.loading || this.asking || this.isStill()) return;
    this.asking = true;
    await this.run((signal) => this.read(signal), true);
    this.asking = false;
  };

  /** Whether there is nothing to ask again. Each read of somebody who sees personal data is recorded, so those ask when they want to. */
  isStill() {
    return this.props.seesData;
  }
}
