import { z } from 'zod'
import { TandemError } from '../../shared/errors.js'
import { formatList } from '../../shared/text/format.js'
import { defaultRendezvousPort, type Endpoint, endpointText, parseEndpoint } from './endpoint.js'
import { slurmNodes } from './slurm-node-list.js'

/** Where this process stands among the machines of a run. */
export interface NodePlace {
  /** At least 2. */
  nodes: number
  /** 0 is the host. */
  nodeRank: number
  endpoint: Endpoint
}

/** What flags say of it; undefined where they say nothing. */
export interface PlaceFlags {
  nodes?: number | undefined
  nodeRank?: number | undefined
  endpoint?: Endpoint | undefined
}

type Environment = Readonly<Record<string, string | undefined>>

/** What variables say, each with their names: texts, which nobody looks into until it is known that they matter. */
interface Claims {
  nodes?: Claim | null
  nodeRank?: Claim | null
  endpoint?: (() => Endpoint) | null
}

interface Claim {
  text: string
  by: string
}

/**
 * Where this process stands, from flags and from what launchers leave in the environment: Slurm, torchrun, Kubeflow's
 * PyTorchJob and whatever else sets `MASTER_ADDR`, `WORLD_SIZE` and `RANK`, Kubernetes' Indexed Jobs, and TensorFlow's
 * `TF_CONFIG`. Null for a run on one machine: where neither says otherwise, and where the number of machines is 1.
 *
 * A flag wins over every variable. Without flags there must be both a number of machines and this one's: half of it is
 * left over from something else, as in a shell of `salloc`.
 *
 * @throws TandemError `usage` where variables contradict each other, where flags leave something open that no variable
 *   says, and where a launcher starts several processes a machine
 */
export function nodePlace(flags: PlaceFlags, environment: Environment): NodePlace | null {
  if (flags.nodes === 1) return null
  const { nodes, nodeRank, endpoint } = flags
  if (nodes !== undefined && nodeRank !== undefined && endpoint !== undefined) {
    return placed({ nodes, nodeRank, endpoint })
  }
  const claims = [fromTorch, fromSlurm, fromIndexedJob, fromTensorFlow].map((read) => read(environment))
  const isAsked = nodes !== undefined || nodeRank !== undefined || endpoint !== undefined
  const knownNodes = nodes ?? agreed('how many machines there are', some(claims, 'nodes'))
  const hasRank = nodeRank !== undefined || some(claims, 'nodeRank').length > 0
  if (knownNodes === 1 || (!isAsked && (knownNodes === null || !hasRank))) return null
  if (knownNodes === null) throw missing('how many machines there are', '--nnodes N')
  const knownRank = nodeRank ?? agreed('which machine this is', some(claims, 'nodeRank'))
  if (knownRank === null) throw missing('which of the machines this is', '--node-rank K, 0 for the host')
  // The first one counts: a machine has several names, so two that differ need not contradict each other.
  const knownEndpoint = endpoint ?? some(claims, 'endpoint')[0]?.()
  if (knownEndpoint === undefined) {
    throw missing(`where the ${knownNodes} machines meet`, '--rdzv-endpoint HOST:PORT, an address of node 0')
  }
  if (nodeRank === undefined) assertOneProcessEach(environment, knownNodes)
  return placed({ nodes: knownNodes, nodeRank: knownRank, endpoint: knownEndpoint })
}

const rankVariables =
  /^(RANK|WORLD_SIZE|MASTER_(ADDR|PORT)|(LOCAL|GROUP|ROLE)_(RANK|WORLD_SIZE|NAME)|TORCHELASTIC_.*)$/

/**
 * An environment without what launchers say of a process's place in a group. Tandem has read it as the place of its machine;
 * to a script that trains as one rank it would be the place in a group that never comes.
 */
export function withoutRank(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !rankVariables.test(name)))
}

function placed(place: NodePlace): NodePlace {
  if (place.nodeRank < place.nodes) return place
  throw usage(
    `node rank ${place.nodeRank} of ${place.nodes} machines: ranks are 0 to ${place.nodes - 1}`,
    'Give every machine its own --node-rank, 0 for the host.',
  )
}

/**
 * torchrun's workers (`GROUP_…`), its flags as variables, which Kubeflow sets (`PET_…`), and what `torch.distributed`
 * reads. Where nobody names machines, a process is one: `WORLD_SIZE` and `RANK` count them.
 */
function fromTorch(environment: Environment): Claims {
  const host = textOf(environment, 'MASTER_ADDR', 'PET_MASTER_ADDR')
  const port = textOf(environment, 'MASTER_PORT', 'PET_MASTER_PORT')
  const meeting = textOf(environment, 'PET_RDZV_ENDPOINT')
  // torchrun's own store listens at the port itself.
  const taken = environment.TORCHELASTIC_USE_AGENT_STORE === 'True' ? 1 : 0
  const masterPort = () => (port === null ? defaultRendezvousPort : numberOf(port)) + taken
  return {
    nodes: textOf(environment, 'GROUP_WORLD_SIZE', 'PET_NNODES', 'NNODES', 'WORLD_SIZE'),
    nodeRank: textOf(environment, 'GROUP_RANK', 'PET_NODE_RANK', 'NODE_RANK', 'RANK'),
    endpoint:
      host !== null
        ? () => parseEndpoint(endpointText({ host: host.text, port: masterPort() }), host.by)
        : meeting && (() => parseEndpoint(meeting.text, meeting.by)),
  }
}

/** Of the step where there is one: `srun` may run on some of the job's nodes. */
function fromSlurm(environment: Environment): Claims {
  const nodes = textOf(environment, 'SLURM_STEP_NUM_NODES', 'SLURM_NNODES', 'SLURM_JOB_NUM_NODES')
  const list = textOf(environment, 'SLURM_STEP_NODELIST', 'SLURM_JOB_NODELIST', 'SLURM_NODELIST')
  return {
    nodes,
    nodeRank: textOf(environment, 'SLURM_NODEID'),
    endpoint: list && (() => slurmEndpoint(list, nodes, environment.SLURM_JOB_ID)),
  }
}

/** The first node of the list, which is node 0. */
function slurmEndpoint(list: Claim, nodes: Claim | null, jobId: string | undefined): Endpoint {
  const names = slurmNodes(list.text)
  const counted = { by: `the nodes of ${list.by}`, text: String(names.length) }
  agreed('how many machines there are', [counted, ...(nodes === null ? [] : [nodes])])
  return { host: names[0] as string, port: slurmPort(jobId) }
}

/** One that all nodes work out alike, and two jobs on a node hardly ever share. */
function slurmPort(jobId: string | undefined): number {
  const digits = /\d{1,4}$/.exec(jobId ?? '')?.[0]
  return digits === undefined ? defaultRendezvousPort : 15_000 + Number(digits)
}

/** How many pods there are, Kubernetes tells nobody. */
function fromIndexedJob(environment: Environment): Claims {
  return { nodeRank: textOf(environment, 'JOB_COMPLETION_INDEX') }
}

const longestConfig = 1_000_000

const taskAddressesSchema = z.array(z.string()).default([])

const tensorFlowConfigSchema = z.object({
  cluster: z.object({ chief: taskAddressesSchema, master: taskAddressesSchema, worker: taskAddressesSchema }),
  task: z.object({ type: z.string(), index: z.coerce.number().int().nonnegative() }),
})

/** Chief first, then the workers, as TensorFlow's MultiWorkerMirroredStrategy counts them. */
function fromTensorFlow(environment: Environment): Claims {
  const by = 'TF_CONFIG'
  const text = textOf(environment, by)?.text
  if (text === undefined) return {}
  const { cluster, task } = parseTensorFlowConfig(text)
  const first = [...cluster.chief, ...cluster.master]
  const addresses = [...first, ...cluster.worker]
  const nodes = { by, text: String(Math.max(1, addresses.length)) }
  if (addresses.length < 2) return { nodes }
  if (!['chief', 'master', 'worker'].includes(task.type)) {
    throw usage(
      `TF_CONFIG makes this machine a ${JSON.stringify(task.type.slice(0, 40))}, which trains nothing`,
      'Start Tandem on the chief and the workers only.',
    )
  }
  const rank = task.index + (task.type === 'worker' ? first.length : 0)
  return {
    nodes,
    nodeRank: { by, text: String(rank) },
    endpoint: () => parseEndpoint(addresses[0] as string, by),
  }
}

function parseTensorFlowConfig(text: string): z.infer<typeof tensorFlowConfigSchema> {
  try {
    if (text.length > longestConfig) throw new Error('it is too long')
    return tensorFlowConfigSchema.parse(JSON.parse(text))
  } catch (error) {
    throw new TandemError(
      {
        code: 'usage',
        message: 'TF_CONFIG is not a cluster and a task in JSON, as TensorFlow reads it',
        hint: 'Mend it, or unset it for a run on one machine.',
      },
      { cause: error },
    )
  }
}

/** One Tandem a machine: it starts the ranks there by itself. */
function assertOneProcessEach(environment: Environment, nodes: number): void {
  const local = textOf(environment, 'LOCAL_WORLD_SIZE')
  const tasks = textOf(environment, 'SLURM_STEP_NUM_TASKS')
  const several =
    local !== null && numberOf(local) > 1 ? local : tasks !== null && numberOf(tasks) > nodes ? tasks : null
  if (several === null) return
  throw usage(
    `${several.by}=${several.text} on ${nodes} machines: the launcher starts several processes on each`,
    'Start one Tandem a machine (srun --ntasks-per-node=1, torchrun --nproc-per-node 1); it starts a rank for each device.',
  )
}

/** The first of these variables that is set. */
function textOf(environment: Environment, ...names: string[]): Claim | null {
  const by = names.find((name) => (environment[name] ?? '') !== '')
  return by === undefined ? null : { by, text: environment[by] as string }
}

function numberOf({ by, text }: Claim): number {
  if (/^\d{1,5}$/.test(text)) return Number(text)
  throw usage(
    `${by}=${JSON.stringify(text.slice(0, 40))} is not the number that launchers leave there`,
    `Unset ${by}, or say where this machine stands with --nnodes, --node-rank and --rdzv-endpoint.`,
  )
}

/** Of one kind, from all launchers. */
function some<Kind extends keyof Claims>(all: readonly Claims[], kind: Kind): NonNullable<Claims[Kind]>[] {
  return all.flatMap((claims) => claims[kind] ?? [])
}

/** What all of them say; null where there is none. */
function agreed(what: string, claims: readonly Claim[]): number | null {
  const [first, ...others] = claims.map(numberOf)
  if (first === undefined) return null
  if (others.every((value) => value === first)) return first
  const said = claims.map(({ by, text }) => `${by}: ${text}`)
  throw usage(
    `the environment contradicts itself on ${what} (${formatList(said)})`,
    'Say it with --nnodes, --node-rank and --rdzv-endpoint, which win over every variable, or unset what is left over.',
  )
}

function missing(what: string, flag: string): TandemError {
  return usage(`nothing says ${what}`, `Add ${flag}.`)
}

function usage(message: string, hint: string): TandemError {
  return new TandemError({ code: 'usage', message, hint })
}
