declare module '@n8n/scan-community-package/scanner/scanner.mjs' {
	/** The source files that n8n's scan tool checks. */
	export const SOURCE_FILE_PATTERNS: string[];
	/** Checks a folder with the rules of n8n's scan tool. */
	export function analyzePackage(
		folder: string,
		patterns: string[],
	): Promise<{ passed: boolean; message?: string; details?: string }>;
}
