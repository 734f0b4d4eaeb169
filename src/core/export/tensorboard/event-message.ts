import protobuf from 'protobufjs'

/**
 * The few fields of TensorBoard's events that Tandem writes; names and numbers are TensorFlow's
 * (tensorflow/core/util/event.proto, framework/summary.proto, tensor.proto, tensor_shape.proto).
 */
const { root } = protobuf.parse(`
  syntax = "proto3";

  message Event {
    double wall_time = 1;
    int64 step = 2;
    oneof what { string file_version = 3; Summary summary = 5; }
  }
  message Summary {
    repeated Value value = 1;
    message Value {
      string tag = 1;
      oneof value { float simple_value = 2; TensorProto tensor = 8; }
      SummaryMetadata metadata = 9;
    }
  }
  message SummaryMetadata {
    PluginData plugin_data = 1;
    DataClass data_class = 4;
    message PluginData { string plugin_name = 1; }
    enum DataClass { DATA_CLASS_UNKNOWN = 0; DATA_CLASS_SCALAR = 1; DATA_CLASS_TENSOR = 2; }
  }
  message TensorProto {
    DataType dtype = 1;
    TensorShapeProto tensor_shape = 2;
    repeated bytes string_val = 8;
    enum DataType { DT_INVALID = 0; DT_STRING = 7; }
  }
  message TensorShapeProto { repeated Dim dim = 2; message Dim { int64 size = 1; } }
`)

/** Serialised `Event`s; tests read with it what was written. */
export const eventMessage = root.lookupType('Event')

/** What stands first in every event file. */
export function encodeFileVersion(atMs: number): Uint8Array {
  return encode(atMs, 0, { fileVersion: 'brain.Event:2' })
}

/**
 * Figures of one moment, by tag; null ones are left out. Null where none is left.
 *
 * @param atMs in milliseconds since the Unix epoch
 */
export function encodeScalars(
  atMs: number,
  step: number,
  figures: Readonly<Record<string, number | null>>,
): Uint8Array | null {
  const value = Object.entries(figures).flatMap(([tag, figure]) =>
    figure === null ? [] : [{ tag, simpleValue: figure }],
  )
  return value.length === 0 ? null : encode(atMs, step, { summary: { value } })
}

/** A text in Markdown, for TensorBoard's tab of texts. */
export function encodeText(atMs: number, tag: string, markdown: string): Uint8Array {
  return encode(atMs, 0, {
    summary: {
      value: [
        {
          tag,
          metadata: { pluginData: { pluginName: 'text' }, dataClass: 'DATA_CLASS_TENSOR' },
          tensor: {
            dtype: 'DT_STRING',
            tensorShape: { dim: [{ size: 1 }] },
            stringVal: [Buffer.from(markdown)],
          },
        },
      ],
    },
  })
}

function encode(atMs: number, step: number, what: object): Uint8Array {
  return eventMessage.encode(eventMessage.fromObject({ wallTime: atMs / 1000, step, ...what })).finish()
}
