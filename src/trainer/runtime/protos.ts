import protobuf from 'protobufjs'

/**
 * The few fields of TensorFlow's protocol buffers that Tandem reads or writes; names and numbers are
 * TensorFlow's (tensorflow/core/protobuf/config.proto, cluster.proto, tensorflow_server.proto,
 * rewriter_config.proto, framework/op_def.proto). Fields left out are skipped when read.
 */
const { root } = protobuf.parse(
  `
  syntax = "proto3";

  message ConfigProto {
    map<string, int32> device_count = 1;
    int32 intra_op_parallelism_threads = 2;
    int32 inter_op_parallelism_threads = 5;
    GPUOptions gpu_options = 6;
    GraphOptions graph_options = 10;
    Experimental experimental = 16;
    message Experimental { string collective_group_leader = 1; }
  }
  message GPUOptions { bool allow_growth = 4; }
  message GraphOptions { RewriterConfig rewrite_options = 10; }
  message RewriterConfig { int32 auto_mixed_precision = 23; int32 auto_mixed_precision_onednn_bfloat16 = 31; }

  message ServerDef {
    ClusterDef cluster = 1;
    string job_name = 2;
    int32 task_index = 3;
    ConfigProto default_session_config = 4;
    string protocol = 5;
  }
  message ClusterDef { repeated JobDef job = 1; }
  message JobDef { string name = 1; map<int32, string> tasks = 2; }

  message OpDef {
    string name = 1;
    repeated ArgDef input_arg = 2;
    message ArgDef { string name = 1; string number_attr = 5; string type_list_attr = 6; }
  }
`,
  { keepCase: false },
)

const configProto = root.lookupType('ConfigProto')
const serverDef = root.lookupType('ServerDef')
const opDef = root.lookupType('OpDef')

const rewriterOn = 1

export interface SessionSettings {
  /** Threads that one operation may use. */
  intraOpThreads: number
  /** Operations that may run at a time. */
  interOpThreads: number
  /** CPU devices that TensorFlow shows; the replicas of DP on a machine without GPUs. */
  cpuDevices: number
  /** Whether CUDA devices are used; else they are hidden. */
  usesGpus: boolean
  /** bfloat16 on CPUs, float16 on GPUs, chosen operation by operation by TensorFlow's rewriter. */
  mixedPrecision: 'off' | 'bfloat16' | 'float16'
  /** The task that leads collectives, when there are any. */
  collectiveLeader: string | null
}

function configMessage(settings: SessionSettings): Record<string, unknown> {
  const { mixedPrecision } = settings
  return {
    deviceCount: {
      CPU: settings.cpuDevices,
      ...(settings.usesGpus ? {} : { GPU: 0 }),
    },
    intraOpParallelismThreads: settings.intraOpThreads,
    interOpParallelismThreads: settings.interOpThreads,
    gpuOptions: { allowGrowth: true },
    ...(mixedPrecision === 'off'
      ? {}
      : {
          graphOptions: {
            rewriteOptions:
              mixedPrecision === 'bfloat16'
                ? { autoMixedPrecisionOnednnBfloat16: rewriterOn }
                : { autoMixedPrecision: rewriterOn },
          },
        }),
    ...(settings.collectiveLeader === null
      ? {}
      : { experimental: { collectiveGroupLeader: settings.collectiveLeader } }),
  }
}

/** A serialised ConfigProto. */
export function encodeConfig(settings: SessionSettings): Uint8Array {
  return configProto.encode(configProto.fromObject(configMessage(settings))).finish()
}

/** A serialised ServerDef: this process is task `taskIndex` of the job `worker` at `addresses`. */
export function encodeServer(
  addresses: readonly string[],
  taskIndex: number,
  settings: SessionSettings,
): Uint8Array {
  const tasks = Object.fromEntries(addresses.map((address, index) => [index, address]))
  return serverDef
    .encode(
      serverDef.fromObject({
        cluster: { job: [{ name: 'worker', tasks }] },
        jobName: 'worker',
        taskIndex,
        defaultSessionConfig: configMessage(settings),
        protocol: 'grpc',
      }),
    )
    .finish()
}

/** One declared input of an operation; `list` when it takes several tensors. */
export interface InputArgument {
  name: string
  list: boolean
  /** The attribute that holds a list's length; '' where the length shows in a list of types. */
  lengthAttribute: string
}

/** The inputs of a serialised OpDef, in order. */
export function decodeInputArguments(bytes: Uint8Array): InputArgument[] {
  const message = opDef.toObject(opDef.decode(bytes), { defaults: true, arrays: true }) as {
    inputArg: { name: string; numberAttr: string; typeListAttr: string }[]
  }
  return message.inputArg.map((argument) => ({
    name: argument.name,
    list: argument.numberAttr !== '' || argument.typeListAttr !== '',
    lengthAttribute: argument.numberAttr,
  }))
}
