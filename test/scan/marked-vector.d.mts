export function markedVector(mark: number, dimensions: number): Float32Array;
export function checksumError(vector: Float32Array): number;
