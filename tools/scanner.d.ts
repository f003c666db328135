declare module '@n8n/scan-community-package/scanner/scanner.mjs' {
	import type { Linter } from 'eslint';

	/** Which files of the sources n8n's scan tool looks at. */
	export const SOURCE_FILE_PATTERNS: string[];
	/** The rules of n8n's scan tool. */
	export function buildScanConfig(): Promise<Linter.Config[]>;
}
