declare module '@textlint/kernel' {
	/** A rule: what it does with the nodes of each type. */
	export type TextlintRuleModule = (context: {
		Syntax: { Str: string };
		RuleError: new (message: string, position: { padding: unknown }) => object;
		getSource: (node: object) => string;
		locator: { at: (index: number) => unknown };
		report: (node: object, fault: object) => void;
	}) => Record<string, (node: object) => void>;

	/** textlint, as far as it is used here. */
	export class TextlintKernel {
		lintText(
			text: string,
			options: {
				ext: string;
				filePath: string;
				plugins: Array<{ pluginId: string; plugin: unknown }>;
				rules: Array<{ ruleId: string; rule: TextlintRuleModule }>;
			},
		): Promise<{
			filePath: string;
			messages: Array<{ message: string; loc: { start: { line: number; column: number } } }>;
		}>;
	}
}

declare module '@textlint/textlint-plugin-markdown' {
	const markdown: { default: unknown };
	export = markdown;
}
