import { nvidiaSmiPrograms } from '../../shared/nvidia/smi-programs.js'
import { type ProgramResult, runProgram } from '../run-program.js'

/** What nvidia-smi's exit codes mean, by its manual; it still prints the GPUs that answer. */
const meanings: Readonly<Record<number, string>> = {
  2: 'a field that it does not know',
  3: 'the operation is not available on this GPU',
  4: 'this user has no permission',
  6: 'no GPU was found',
  8: "a GPU's power cables are not attached",
  9: 'the driver is not loaded',
  10: 'the kernel has a problem with the interrupts of a GPU',
  12: 'its library was not found',
  13: 'its library lacks a function',
  14: 'the infoROM of a GPU is corrupted',
  15: 'a GPU has fallen off the bus',
  18: 'driver and library are of different versions',
  255: 'an unknown error',
}

/** Runs nvidia-smi, wherever it is on this system. `not-started` where there is none, or none that may be started. */
export async function runNvidiaSmi(
  parameters: readonly string[],
  environment: NodeJS.ProcessEnv,
  timeoutMs: number,
): Promise<ProgramResult> {
  const [first = '', ...others] = nvidiaSmiPrograms(process.platform, environment)
  let answer = await runProgram(first, parameters, { environment, timeoutMs })
  for (const program of others) {
    if (!isMissing(answer)) break
    answer = await runProgram(program, parameters, { environment, timeoutMs })
  }
  return answer
}

/** Whether there is no such program. */
export function isMissing({ ending, stderr }: ProgramResult): boolean {
  return ending === 'not-started' && /ENOENT/.test(stderr)
}

/** How it ended where that is not as it should: "exit code 14: the infoROM of a GPU is corrupted"; null otherwise. */
export function oddEnding({ ending, exitCode, stderr }: ProgramResult, timeoutMs: number): string | null {
  switch (ending) {
    case 'not-started':
      return `it cannot be started: ${stderr}`
    case 'timed-out':
      return `no answer within ${timeoutMs / 1000} s; the driver hangs`
    case 'stopped':
      return 'it was stopped'
    case 'exited': {
      if (exitCode === 0) return null
      if (exitCode === null) return 'it crashed'
      const meaning = meanings[exitCode]
      return meaning === undefined ? `exit code ${exitCode}` : `exit code ${exitCode}: ${meaning}`
    }
  }
}
