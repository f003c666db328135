import type { IBinaryData, IExecuteFunctions } from 'n8n-workflow';

import type { DownloadedFile } from '../actions/operation';

/** Thrown when n8n can't store a file, for example because the disk is full. */
export class FileNotStoredError extends Error {
	override readonly name = 'FileNotStoredError';

	readonly advice =
		"The download succeeded. Check the free space and the limits of n8n's storage for binary data, then execute the workflow again.";

	constructor(cause: unknown) {
		super(`n8n could not store the file: ${(cause as Error).message}`, { cause });
	}
}

/**
 * Passes a file to n8n, which stores the file according to its own settings.
 *
 * @throws {FileNotStoredError}
 */
export async function storeFile(
	{ helpers }: IExecuteFunctions,
	{ bytes, fileName, mimeType }: DownloadedFile,
): Promise<IBinaryData> {
	try {
		return await helpers.prepareBinaryData(bytes, fileName, mimeType);
	} catch (error) {
		return await Promise.reject(new FileNotStoredError(error));
	}
}
