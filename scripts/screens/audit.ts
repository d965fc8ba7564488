/** The same scenes without pictures: axe looks at each, in each look, for what keeps people out (WCAG 2.2, levels A and AA). */
import { AxeBuilder } from '@axe-core/playwright';
import { lookName, type Camera, type Look } from './stage';

/** @param found gets a line for each violation */
export function auditCamera(looks: readonly Look[], wants: (scene: string) => boolean, found: string[]): Camera {
  return {
    looks,
    wants,
    take: async (page, scene, look) => {
      const { violations } = await new AxeBuilder({ page })
        .withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'])
        .analyze();
      for (const { id, nodes } of violations)
        found.push(`${scene} (${lookName(look)}): ${id}: ${nodes.map(({ target }) => target.join(' ')).join('; ')}`);
    },
  };
}
