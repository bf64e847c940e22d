import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';

const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** One element that breaks one rule. */
export interface AxeViolation {
  /** The rule's name, which https://dequeuniversity.com/rules/axe explains. */
  readonly rule: string;
  readonly impact: string;
  readonly selector: string;
  readonly summary: string;
}

/** What axe finds wrong with a page as it is shown now. Needs JavaScript; the page's CSP does not hinder it. */
export async function axeViolations(page: Page): Promise<AxeViolation[]> {
  const { violations } = await new AxeBuilder({ page }).withTags(tags).analyze();
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ impact, target, failureSummary }) => ({
      rule: id,
      impact: impact ?? 'unknown',
      selector: target.flat().join(' '),
      summary: (failureSummary ?? '').replace(/\s+/g, ' '),
    })),
  );
}
