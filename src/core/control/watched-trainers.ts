import type { TelemetrySample } from '../../shared/child/telemetry.js'
import type { RunSample } from '../../shared/live/live-event.js'
import type { ChildOptions, ChildProgram } from '../child/child-program.js'

/** Knows which trainers run, by name, for the sampler and for its samples. */
export class WatchedTrainers {
  private readonly running = new Map<ChildProgram, string>()

  constructor(private readonly onChange: (pids: number[]) => void) {}

  /** `spawn`, with each child noted while it runs, and its output told to `onOutput` as well. */
  watching<Options extends Omit<ChildOptions, 'entry'>>(
    spawn: (options: Options) => ChildProgram,
    onOutput: (title: string, text: string) => void,
  ): (options: Options) => ChildProgram {
    return (options) => {
      const child = spawn({
        ...options,
        onOutput: (text) => {
          options.onOutput(text)
          onOutput(options.title, text)
        },
        onMessage: (message) => {
          // Electron knows a child's id only once it runs, and then it has spoken.
          if (!this.running.has(child)) this.note(child, options.title)
          options.onMessage(message)
        },
        onExit: (exit) => {
          this.running.delete(child)
          this.changed()
          options.onExit(exit)
        },
      })
      this.note(child, options.title)
      return child
    }
  }

  /** The sample with its trainers named; one that has just ended is left out. */
  name(sample: TelemetrySample): RunSample {
    const trainers = [...this.running].flatMap(([child, name]) => {
      const trainer = sample.trainers.find(({ pid }) => pid === child.pid)
      return trainer === undefined ? [] : [{ ...trainer, name }]
    })
    return { ...sample, trainers }
  }

  private note(child: ChildProgram, title: string): void {
    if (child.pid === undefined) return
    this.running.set(child, title)
    this.changed()
  }

  private changed(): void {
    this.onChange([...this.running.keys()].flatMap(({ pid }) => pid ?? []))
  }
}
