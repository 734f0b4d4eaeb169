import { imageBytes, imageChannels } from './cifar10.js'

const planeBytes = imageBytes / imageChannels

/**
 * Copies the picture of the record that begins at `offset` as picture number `to` of `pictures`, [N, 32, 32, 3]: a record
 * has its pixels channel by channel after the label, a picture has a pixel's channels together.
 */
export function copyRecordPicture(
  records: Uint8Array,
  offset: number,
  pictures: Uint8Array,
  to: number,
): void {
  let target = to * imageBytes
  const red = offset + 1
  for (let pixel = red; pixel < red + planeBytes; pixel++) {
    pictures[target++] = records[pixel] as number
    pictures[target++] = records[pixel + planeBytes] as number
    pictures[target++] = records[pixel + 2 * planeBytes] as number
  }
}
