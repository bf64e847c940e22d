import ts from 'typescript';

export interface Imports {
  /** What it imports or re-exports from, types and dynamic imports included. */
  specifiers: string[];
  starExports: string[];
  hasDefaultExport: boolean;
}

/** Reads what a TypeScript source imports and how it exports, from its syntax tree. */
export function readImports(path: string, text: string): Imports {
  const imports: Imports = { specifiers: [], starExports: [], hasDefaultExport: false };
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, true);

  const visit = (node: ts.Node): void => {
    const specifier = specifierOf(node);
    if (specifier !== undefined) imports.specifiers.push(specifier);
    if (ts.isExportDeclaration(node) && isStar(node)) imports.starExports.push(specifier ?? '');
    if (isDefaultExport(node)) imports.hasDefaultExport = true;
    ts.forEachChild(node, visit);
  };
  visit(source);
  return imports;
}

function specifierOf(node: ts.Node): string | undefined {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return textOf(node.moduleSpecifier);
  if (ts.isImportTypeNode(node))
    return ts.isLiteralTypeNode(node.argument) ? textOf(node.argument.literal) : undefined;
  if (ts.isCallExpression(node) && isLoader(node.expression)) return textOf(node.arguments[0]);
  return undefined;
}

function isLoader(callee: ts.Expression): boolean {
  return (
    callee.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(callee) && callee.text === 'require')
  );
}

function textOf(node: ts.Node | undefined): string | undefined {
  return node !== undefined && ts.isStringLiteralLike(node) ? node.text : undefined;
}

function isStar(node: ts.ExportDeclaration): boolean {
  return node.exportClause === undefined || ts.isNamespaceExport(node.exportClause);
}

function isDefaultExport(node: ts.Node): boolean {
  if (ts.isExportAssignment(node)) return true;
  if (ts.isExportSpecifier(node)) return node.name.text === 'default';
  const modifiers = ts.canHaveModifiers(node) ? ts.getModifiers(node) : undefined;
  return modifiers?.some((modifier) => modifier.kind === ts.SyntaxKind.DefaultKeyword) ?? false;
}
