/** The content policy is what keeps the promise: attempts to send something out fail, from the page and from a worker. */
import { expect, test } from '@playwright/test';
import { preview } from 'vite';
import { root } from './support/lethe';

test('nothing can be sent out, neither by the page nor by a worker', async ({ page }) => {
  const server = await preview({ root, logLevel: 'error', preview: { port: 0, host: '127.0.0.1' } });
  try {
    const address = server.httpServer.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    // A listener of another origin that counts who got through.
    let reached = 0;
    const { createServer } = await import('node:http');
    const outside = createServer((_, response) => {
      reached += 1;
      response.setHeader('Access-Control-Allow-Origin', '*');
      response.end('ok');
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => outside.once('listening', resolve));
    const other = outside.address();
    if (other === null || typeof other === 'string') throw new Error('no port');
    const target = `http://127.0.0.1:${other.port}/`;

    const response = await page.goto(`http://127.0.0.1:${address.port}/`);
    expect(response?.headers()['content-security-policy']).toContain("default-src 'none'");
    await expect(page.locator('meta[http-equiv="Content-Security-Policy"]')).toHaveCount(1);
    const outcomes = await page.evaluate(async (url) => {
      const results: Record<string, boolean> = {};
      results['fetch'] = await fetch(url, { mode: 'no-cors' }).then(
        () => true,
        () => false,
      );
      results['beacon'] = await new Promise<boolean>((resolve) => {
        document.addEventListener('securitypolicyviolation', () => resolve(false), { once: true });
        navigator.sendBeacon(url, 'x');
        setTimeout(() => resolve(true), 1500);
      });
      results['image'] = await new Promise<boolean>((resolve) => {
        const image = new Image();
        image.onload = () => resolve(true);
        image.onerror = () => resolve(false);
        image.src = url;
      });
      results['socket'] = await new Promise<boolean>((resolve) => {
        try {
          const socket = new WebSocket(url.replace('http', 'ws'));
          socket.onopen = () => resolve(true);
          socket.onerror = () => resolve(false);
        } catch {
          resolve(false);
        }
      });
      results['blob worker'] = await new Promise<boolean>((resolve) => {
        try {
          const code = `fetch(${JSON.stringify(url)}, { mode: 'no-cors' }).then(() => postMessage(true), () => postMessage(false));`;
          const worker = new Worker(URL.createObjectURL(new Blob([code], { type: 'text/javascript' })));
          worker.onmessage = (event: MessageEvent<boolean>) => resolve(event.data);
          worker.onerror = () => resolve(false);
        } catch {
          resolve(false);
        }
      });
      results['eval'] = (() => {
        try {
          return Boolean((0, eval)('true'));
        } catch {
          return false;
        }
      })();
      return results;
    }, target);
    expect(outcomes).toEqual({
      fetch: false,
      beacon: false,
      image: false,
      socket: false,
      'blob worker': false,
      eval: false,
    });
    expect(reached).toBe(0);
    outside.close();
  } finally {
    await server.close();
  }
});
