declare module '@n8n/scan-community-package/scanner/scanner.mjs' {
	/** Which files of the sources n8n's scan tool looks at. */
	export const SOURCE_FILE_PATTERNS: string[];
	/** Checks a folder by the rules of n8n's scan tool. */
	export function analyzePackage(
		folder: string,
		patterns: string[],
	): Promise<{ passed: boolean; message?: string; details?: string }>;
}
