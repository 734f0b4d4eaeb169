import { type Command, InvalidArgumentError, Option } from 'commander'
import { type Endpoint, parseEndpoint } from '../core/machines/endpoint.js'
import { type NodePlace, nodePlace } from '../core/machines/launcher-environment.js'
import { mostNodes, type Rendezvous } from '../core/machines/rendezvous.js'
import { readSecretFile } from '../core/machines/secret-file.js'
import { TandemError, toErrorReport } from '../shared/errors.js'
import { positiveNumber, wholeNumber } from './option-parsers.js'

/** torchrun's words for a run over several machines, as commander hands them on. */
export interface MachineFlags {
  nnodes?: number
  nodeRank?: number
  rdzvEndpoint?: Endpoint
  rdzvSecretFile?: string
  rdzvTimeout?: number
  interface?: string
}

const usualJoinSeconds = 600

export function addMachineOptions(command: Command): Command {
  return command
    .optionsGroup('Several machines:')
    .addOption(
      new Option('--nnodes <number>', 'how many machines; the command is started on each').argParser(
        wholeNumber(1, mostNodes),
      ),
    )
    .addOption(
      new Option('--node-rank <number>', "this machine's number; 0 plans and keeps the results").argParser(
        wholeNumber(0, mostNodes - 1),
      ),
    )
    .addOption(
      new Option(
        '--rdzv-endpoint <host:port>',
        'the address of node 0 where it listens, and nowhere else',
      ).argParser(endpoint),
    )
    .option('--rdzv-secret-file <file>', 'the secret of all machines: tandem agent secret FILE makes one')
    .addOption(
      new Option(
        '--rdzv-timeout <seconds>',
        `how long machines are waited for (default: ${usualJoinSeconds})`,
      ).argParser(positiveNumber),
    )
    .option(
      '--interface <name>',
      'the network interface to the other machines (default: by the route to node 0)',
    )
}

function endpoint(text: string): Endpoint {
  try {
    return parseEndpoint(text, '--rdzv-endpoint')
  } catch (thrown) {
    throw new InvalidArgumentError(toErrorReport(thrown).hint)
  }
}

/**
 * This machine's place in a run over several, by flags and by what launchers leave in the environment; null for a run on
 * one. Throws `usage` for what does not fit together, and what is wrong with the secret.
 */
export async function rendezvousFrom(
  flags: MachineFlags,
  environment: NodeJS.ProcessEnv,
): Promise<Rendezvous | null> {
  const { nnodes: nodes, nodeRank, rdzvEndpoint, rdzvSecretFile, rdzvTimeout = usualJoinSeconds } = flags
  const place = nodePlace({ nodes, nodeRank, endpoint: rdzvEndpoint }, environment)
  if (place === null) return null
  if (rdzvSecretFile === undefined) throw secretMissing(place)
  return {
    ...place,
    secret: await readSecretFile(rdzvSecretFile),
    interfaceName: flags.interface ?? null,
    joinMs: rdzvTimeout * 1000,
  }
}

function secretMissing({ nodes, nodeRank }: NodePlace): TandemError {
  return new TandemError({
    code: 'usage',
    message: `this is node ${nodeRank} of ${nodes}, and --rdzv-secret-file is missing: machines let in nobody without it`,
    hint: 'Make a secret with `tandem agent secret FILE` and copy it to every machine; or, for this machine alone, add: --nnodes 1',
  })
}
