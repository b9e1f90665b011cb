import path from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { repository } from './helpers/run-imesde.ts';

const entry = path.join(repository, 'dist/index.d.ts');
const program = ts.createProgram([entry], {
  module: ts.ModuleKind.Node16,
  moduleResolution: ts.ModuleResolutionKind.Node16,
  target: ts.ScriptTarget.ES2022,
  types: ['node'],
  typeRoots: [path.join(repository, 'node_modules/@types')],
});
const checker = program.getTypeChecker();
const source = program.getSourceFile(entry)!;
const exported = checker
  .getExportsOfModule(checker.getSymbolAtLocation(source)!)
  .map((symbol) => resolved(symbol));

function resolved(symbol: ts.Symbol): ts.Symbol {
  const isAlias = (symbol.flags & ts.SymbolFlags.Alias) !== 0;
  return isAlias ? checker.getAliasedSymbol(symbol) : symbol;
}

function isOwn(declaration: ts.Declaration): boolean {
  return declaration.getSourceFile().fileName.startsWith(path.dirname(entry));
}

/** Types of this package that a declaration names. */
function typesNamedIn(declaration: ts.Declaration): ts.Symbol[] {
  const found: ts.Symbol[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isTypeReferenceNode(node) || ts.isExpressionWithTypeArguments(node)) {
      const name = ts.isTypeReferenceNode(node) ? node.typeName : node.expression;
      const symbol = checker.getSymbolAtLocation(name);
      if (symbol !== undefined) found.push(resolved(symbol));
    }
    ts.forEachChild(node, visit);
  };
  visit(declaration);
  return found.filter(
    (symbol) =>
      (symbol.flags & ts.SymbolFlags.TypeParameter) === 0 && symbol.declarations?.some(isOwn),
  );
}

const docOf = (symbol: ts.Symbol): string =>
  ts.displayPartsToString(symbol.getDocumentationComment(checker));

/** What a user of a class sees of it. */
function membersOf(symbol: ts.Symbol): ts.Symbol[] {
  const isClass = (symbol.flags & ts.SymbolFlags.Class) !== 0;
  if (!isClass) return [];
  return [...(symbol.members?.values() ?? []), ...(symbol.exports?.values() ?? [])].filter(
    ({ declarations = [] }) =>
      declarations.some(
        (one) =>
          (ts.isMethodDeclaration(one) || ts.isPropertyDeclaration(one) || ts.isAccessor(one)) &&
          !ts.isPrivateIdentifier(one.name) &&
          one.name.getText() !== 'name', // Of an error: known to everybody.
      ),
  );
}

describe('the declarations of the library', () => {
  it('name no type that a user could not import', () => {
    expect(exported.length).toBeGreaterThan(20);
    const known = new Set(exported);
    const dangling = exported.flatMap((symbol) =>
      (symbol.declarations ?? [])
        .flatMap(typesNamedIn)
        .filter((named) => !known.has(named))
        .map((named) => `${symbol.name} names ${named.name}`),
    );
    expect([...new Set(dangling)]).toEqual([]);
  });

  it('say what each export and each member of a class is', () => {
    const silent = exported.flatMap((symbol) => [
      ...(docOf(symbol) === '' ? [symbol.name] : []),
      ...membersOf(symbol)
        .filter((member) => docOf(member) === '')
        .map((member) => `${symbol.name}.${member.name}`),
    ]);
    expect(silent).toEqual([]);
  });
});
