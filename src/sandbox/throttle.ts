/** How much a caller may still ask for; plain data, kept with the stand-in's state. */
export interface Bucket {
  level: number;
  at: number;
}

/**
 * Takes one request out of a bucket that holds `burst` and fills at `rate` a second of real or simulated time.
 * Answers how many milliseconds are missing until the next one fits; 0 when this one fits.
 */
export function takeOne(bucket: Bucket, { rate, burst }: { rate: number; burst: number }, now: number): number {
  bucket.level = Math.min(burst, bucket.level + ((now - bucket.at) / 1000) * rate);
  bucket.at = now;
  if (bucket.level < 1) return Math.ceil(((1 - bucket.level) / rate) * 1000);
  bucket.level -= 1;
  return 0;
}
