declare module '@stryker-mutator/core' {
	/** The mutation tester, as far as it is used here. */
	export class Stryker {
		constructor(options: object);
		runMutationTest(): Promise<unknown[]>;
	}
}
