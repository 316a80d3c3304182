export { type Baked, type BakedVersion, largestContent, largestPicture } from './baked.js';
export {
  BakedTwice,
  CredentialNotBakeable,
  NotAPicture,
  NothingBaked,
  PictureBroken,
  PictureTooLarge,
} from './errors.js';
export { bakePng } from './png.js';
export { bakeSvg } from './svg.js';
export { looksLikePicture, unbake, unbakeAll } from './unbake.js';
