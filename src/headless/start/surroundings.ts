import { hasDisplay, isRemoteSession } from '../screen.js'

/** Where Tandem was started, as far as it decides what opens. */
export interface Surroundings {
  /** Someone reads what is printed, as it is printed. */
  hasTerminal: boolean
  /** A build server runs this. */
  isCi: boolean
  /** The screen, if there is one, is at another machine than this process. */
  isRemote: boolean
  hasDisplay: boolean
  isRoot: boolean
}

export interface SurroundingsInput {
  environment: NodeJS.ProcessEnv
  platform: NodeJS.Platform
  isTerminal: boolean
  /** Null on Windows. */
  userId: number | null
}

export function lookAround({ environment, platform, isTerminal, userId }: SurroundingsInput): Surroundings {
  const { CI } = environment
  return {
    hasTerminal: isTerminal,
    isCi: Boolean(CI) && CI !== 'false' && CI !== '0',
    isRemote: isRemoteSession(environment),
    hasDisplay: hasDisplay(environment, platform),
    isRoot: userId === 0,
  }
}
