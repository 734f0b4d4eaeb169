import { type Command, InvalidArgumentError, Option } from 'commander'
import { type Endpoint, mostNodes, parseEndpoint, type Rendezvous } from '../core/machines/rendezvous.js'
import { readSecretFile } from '../core/machines/secret-file.js'
import { TandemError } from '../shared/errors.js'
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
      new Option('--rdzv-endpoint <host:port>', 'where node 0 listens, and nowhere else').argParser(endpoint),
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
  const read = parseEndpoint(text)
  if (read !== undefined) return read
  throw new InvalidArgumentError(
    'Allowed: an address or a name, and a port, such as 10.0.0.1:29500 or [fd00::1]:29500.',
  )
}

/**
 * This machine's place in a run over several; null for a run on one. Throws `usage` for flags that do not fit together, and
 * what is wrong with the secret.
 */
export async function rendezvousFrom(flags: MachineFlags): Promise<Rendezvous | null> {
  const { nnodes, nodeRank, rdzvEndpoint, rdzvSecretFile, rdzvTimeout = usualJoinSeconds } = flags
  if (nnodes === undefined || nnodes === 1) {
    const alone = nodeRank === undefined || nodeRank === 0
    const isForOne = nnodes === 1 && alone
    if (
      isForOne ||
      (alone && nodeRank === undefined && rdzvEndpoint === undefined && rdzvSecretFile === undefined)
    )
      return null
    throw usage('--nnodes is missing, which says how many machines there are', 'Add it: --nnodes 2')
  }
  if (nodeRank === undefined)
    throw usage('--node-rank is missing', 'Give each machine its own number, from 0 on.')
  if (nodeRank >= nnodes)
    throw usage(`--node-rank ${nodeRank}: with --nnodes ${nnodes} the numbers are 0 to ${nnodes - 1}`, '')
  if (rdzvEndpoint === undefined) {
    throw usage(
      '--rdzv-endpoint is missing',
      'Name an address of node 0 and a free port, the same on every machine.',
    )
  }
  if (rdzvSecretFile === undefined) {
    throw usage(
      '--rdzv-secret-file is missing: machines let in nobody who does not know their secret',
      'Make one with `tandem agent secret FILE`, and copy it to every machine.',
    )
  }
  return {
    nodes: nnodes,
    nodeRank,
    endpoint: rdzvEndpoint,
    secret: await readSecretFile(rdzvSecretFile),
    interfaceName: flags.interface ?? null,
    joinMs: rdzvTimeout * 1000,
  }
}

function usage(message: string, hint: string): TandemError {
  return new TandemError({ code: 'usage', message, hint })
}
