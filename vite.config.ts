import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';
import { VitePWA } from 'vite-plugin-pwa';
import { contentSecurityPolicy, securityHeaders } from './scripts/lib/security-headers.mjs';

/** Puts the policy into the page as well, for hosts that can't send headers. `frame-ancestors` has no effect there. */
function policyInPage(): Plugin {
  return {
    name: 'lethe-policy-in-page',
    apply: 'build',
    transformIndexHtml: () => [
      {
        tag: 'meta',
        attrs: {
          'http-equiv': 'Content-Security-Policy',
          content: contentSecurityPolicy.filter((d) => !d.startsWith('frame-ancestors')).join('; '),
        },
        injectTo: 'head-prepend',
      },
    ],
  };
}

/**
 * Lets the browser keep the service worker's script for a day: its own look for updates is then answered from its cache, and a
 * page that is at work asks the network for nothing. `src/client/offline.ts` looks anew when a person asks.
 */
function serviceWorkerKept(): Plugin {
  return {
    name: 'lethe-service-worker-kept',
    configurePreviewServer(server) {
      server.middlewares.use((request, response, next) => {
        if (/^\/(sw|workbox-[\w-]+)\.js$/.test(request.url ?? '')) response.setHeader('Cache-Control', 'max-age=86400');
        next();
      });
    },
  };
}

export default defineConfig({
  base: './',
  plugins: [
    react(),
    policyInPage(),
    serviceWorkerKept(),
    VitePWA({
      // Registered by src/client/offline.ts: the page decides when an update is taken.
      injectRegister: false,
      registerType: 'prompt',
      manifest: {
        name: 'Lethe',
        short_name: 'Lethe',
        description: 'Makes medical images anonymous on the machine they are on.',
        start_url: './',
        scope: './',
        display: 'standalone',
        background_color: '#0e1113',
        theme_color: '#0e1113',
        icons: [
          { src: 'icons/lethe.svg', sizes: 'any', type: 'image/svg+xml', purpose: 'any' },
          { src: 'icons/lethe-192.png', sizes: '192x192', type: 'image/png' },
          { src: 'icons/lethe-512.png', sizes: '512x512', type: 'image/png' },
        ],
      },
      workbox: {
        globPatterns: ['**/*.{js,css,html,svg,png,jpg,wasm,json,bin,txt,dcm,webmanifest}'],
        // Models, codecs and the sample study work with the network unplugged too.
        maximumFileSizeToCacheInBytes: 32 * 1024 * 1024,
        // Asked for at each visit and remembered by the page: a policy that is changed must not wait for a new build.
        globIgnores: ['kiosk.json'],
        navigateFallback: 'index.html',
        cleanupOutdatedCaches: true,
        clientsClaim: true,
      },
    }),
  ],
  worker: { format: 'es' },
  build: {
    target: 'es2022',
    manifest: true,
    outDir: 'dist/page',
    // Inlined assets would be data: URLs, which connect-src and worker-src do not allow.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 2000,
  },
  preview: { headers: securityHeaders, port: 4173 },
});
