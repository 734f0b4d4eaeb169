import type { OwnModelName, Stem } from '../../shared/domain/models.js'
import type { Classifier } from './classifier.js'
import { createPlainNet } from './plain-net.js'
import { createResNet } from './resnet.js'
import type { InitialValues } from './variables.js'

/** Which network: plain data, so that it can travel to the threads and processes that build replicas of it. */
export type Architecture = { kind: 'resnet'; modelName: OwnModelName; stem: Stem } | { kind: 'plain' }

export function createModel(architecture: Architecture, initialValues: InitialValues): Classifier {
  switch (architecture.kind) {
    case 'resnet':
      return createResNet({ ...architecture, initialValues })
    case 'plain':
      return createPlainNet({ initialValues })
  }
}
