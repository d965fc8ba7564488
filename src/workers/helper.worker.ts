import { help, type Invitation } from '../core/detect/kernels/team';

self.addEventListener('message', ({ data }: MessageEvent<Invitation>) => {
  help(data);
});
