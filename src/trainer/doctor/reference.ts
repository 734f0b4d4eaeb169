/** Whole numbers from -4 to 4, the same for the same seed. */
export function wholeNumbers(count: number, seed: number): Float32Array {
  let state = seed
  return Float32Array.from({ length: count }, () => {
    // Numerical Recipes' linear congruential generator; good enough to tell values apart.
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return ((state >>> 16) % 9) - 4
  })
}

/** [rows, inner] times [inner, columns], row by row. */
export function referenceProduct(
  left: Float32Array,
  right: Float32Array,
  { rows, inner, columns }: { rows: number; inner: number; columns: number },
): Float32Array {
  const product = new Float32Array(rows * columns)
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      let sum = 0
      for (let k = 0; k < inner; k++) sum += at(left, row * inner + k) * at(right, k * columns + column)
      product[row * columns + column] = sum
    }
  }
  return product
}

/** [1, height, height, channels] with a [3, 3, channels, filters], stride 1, padded by one zero on every side. */
export function referenceConvolution(
  image: Float32Array,
  filter: Float32Array,
  { height, channels, filters }: { height: number; channels: number; filters: number },
): Float32Array {
  const result = new Float32Array(height * height * filters)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < height; x++) {
      for (let k = 0; k < filters; k++) {
        result[(y * height + x) * filters + k] = windowSum(image, filter, {
          y,
          x,
          k,
          height,
          channels,
          filters,
        })
      }
    }
  }
  return result
}

function windowSum(
  image: Float32Array,
  filter: Float32Array,
  place: { y: number; x: number; k: number; height: number; channels: number; filters: number },
): number {
  const { y, x, k, height, channels, filters } = place
  let sum = 0
  for (let dy = 0; dy < 3; dy++) {
    for (let dx = 0; dx < 3; dx++) {
      const row = y + dy - 1
      const column = x + dx - 1
      if (row < 0 || column < 0 || row >= height || column >= height) continue
      for (let c = 0; c < channels; c++) {
        const pixel = at(image, (row * height + column) * channels + c)
        sum += pixel * at(filter, ((dy * 3 + dx) * channels + c) * filters + k)
      }
    }
  }
  return sum
}

function at(values: Float32Array, index: number): number {
  return values[index] as number
}
