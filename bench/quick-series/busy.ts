import { type ChildProcess, spawn } from 'node:child_process'
import { availableParallelism } from 'node:os'

/** Computes for 60 of every 100 ms, which is what a core has left for others then. */
const program = 'const t=()=>{const e=Date.now()+60;while(Date.now()<e);setTimeout(t,40)};t()'

/** A program on each core that takes 60 % of it, from now on for half of `seconds`. */
export function keepBusyForHalf(seconds: number): { end(): void } {
  const children: ChildProcess[] = Array.from({ length: availableParallelism() }, () =>
    spawn(process.execPath, ['-e', program], { stdio: 'ignore' }),
  )
  const end = (): void => {
    clearTimeout(timer)
    for (const child of children) child.kill('SIGKILL')
  }
  const timer = setTimeout(end, 500 * seconds)
  return { end }
}
