/**
 * Properties draw anew at every run, so that many runs look at many cases. Where a run is to say something of a change and of nothing
 * else, `LETHE_SEED` fixes what they draw.
 */
import fc from 'fast-check';

const seed = Number(process.env.LETHE_SEED ?? '');
if (process.env.LETHE_SEED !== undefined && Number.isSafeInteger(seed))
  fc.configureGlobal({ ...fc.readConfigureGlobal(), seed });
