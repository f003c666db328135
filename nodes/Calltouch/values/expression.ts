import type { INodeProperties, INodePropertyCollection, INodePropertyOptions } from 'n8n-workflow';

type Properties = ReadonlyArray<INodeProperties | INodePropertyCollection | INodePropertyOptions>;

/**
 * n8n's details about an unresolvable expression, which the editor uses to explain the error.
 */
interface ExpressionFailure {
	message?: string;
	description?: string;
	context?: { messageTemplate?: string };
}

/**
 * Thrown when n8n can't resolve the expression of a field. `cause` is n8n's own error, and `advice`
 * is the description of that error.
 */
export class UnresolvedExpressionError extends Error {
	readonly advice: string;
	/** n8n's context, with the path of the field as `parameter`, for example `options.timeout`. */
	readonly context: object;

	constructor(label: string, path: string, cause: unknown) {
		const { message, description, context } = Object(cause) as ExpressionFailure;
		const { messageTemplate = '' } = context ?? {};
		// n8n's message may be just "Invalid expression" while the template contains the reason.
		const hasReason = messageTemplate !== '' && !messageTemplate.includes('%%PARAMETER%%');
		super(`'${label}': ${hasReason ? messageTemplate : (message ?? String(cause))}`, { cause });
		this.name = 'UnresolvedExpressionError';
		this.advice = description || `Correct the expression of '${label}'.`;
		// The editor would show the template instead of this message, which names the field.
		this.context = { ...context, messageTemplate: undefined, parameter: path };
	}
}

/**
 * Returns the value of a parameter, with its expressions resolved.
 *
 * @param resolve returns the value at the path of a parameter, or throws
 * @param saved returns the saved parameter, with unresolved expressions
 * @throws {UnresolvedExpressionError} that names the field, even inside a collection
 */
export function resolveField<T>(
	properties: readonly INodeProperties[],
	name: string,
	resolve: (path: string) => T,
	saved: () => unknown,
): T {
	try {
		return resolve(name);
	} catch (error) {
		// n8n resolves a collection as a whole, and its error names only the collection.
		const paths = expressionPaths(saved(), name);
		throw unresolvedExpression(
			properties,
			paths.find((path) => fails(resolve, path)) ?? name,
			error,
		);
	}
}

function unresolvedExpression(
	properties: readonly INodeProperties[],
	path: string,
	error: unknown,
): UnresolvedExpressionError {
	return new UnresolvedExpressionError(labelOf(properties, path), path, error);
}

function fails(resolve: (path: string) => unknown, path: string): boolean {
	try {
		resolve(path);
		return false;
	} catch {
		return true;
	}
}

/** Returns the paths of all expressions in a saved parameter. */
function expressionPaths(saved: unknown, path: string): string[] {
	if (typeof saved === 'string') return saved.startsWith('=') ? [path] : [];
	if (Array.isArray(saved)) {
		return saved.flatMap((entry, index) => expressionPaths(entry, `${path}[${index}]`));
	}
	return Object.entries(Object(saved)).flatMap(([key, entry]) =>
		expressionPaths(entry, `${path}.${key}`),
	);
}

/** Returns the label of the field at a path, such as `Manager` or `Custom Fields, row 2: Value`. */
function labelOf(properties: Properties, path: string): string {
	let label = path;
	let rows = '';
	let inner = properties;
	for (const [, name, index] of path.matchAll(/([^.[\]]+)(?:\[(\d+)\])?/g)) {
		const property = inner.find((one) => one.name === name);
		if (!property || !('displayName' in property)) break;
		if ('values' in property) {
			rows = `${label}${index === undefined ? '' : `, row ${Number(index) + 1}`}: `;
			inner = property.values;
		} else {
			label = `${rows}${property.displayName}`;
			inner = property.options ?? [];
		}
	}
	return label;
}
