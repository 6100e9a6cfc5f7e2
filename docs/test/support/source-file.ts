import { posix } from 'node:path';
import ts from 'typescript';

export interface Import {
  /** As written: `./vault.ts`, `undici`, `node:http`. */
  specifier: string;
  /** Path in the repository for a relative import, else undefined. */
  path: string | undefined;
  /** True when nothing of it is left at run time. */
  typeOnly: boolean;
  /** Names taken as values; `*` for a namespace, a side effect or a dynamic import. */
  values: string[];
}

/** What the boundary rules look at in one source file. */
export interface SourceFile {
  /** Path in the repository, with forward slashes. */
  path: string;
  lines: number;
  imports: Import[];
  /** Every string and template in the code, placeholders of templates shown as `_`. */
  strings: string[];
  /** Every identifier that is used, member names included, comments and strings not. */
  names: Set<string>;
  /** Identifiers that are neither member names nor bound in this file: globals. */
  globals: Set<string>;
  /** `object.member` for every member access on a plain name. */
  accesses: Set<string>;
  /** Names of functions and methods that this file defines. */
  functions: string[];
}

/** Reads one TypeScript or JavaScript source. */
export function parseSource(path: string, text: string): SourceFile {
  const tree = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const file: SourceFile = {
    path,
    lines: text.split('\n').length - (text.endsWith('\n') ? 1 : 0),
    imports: [],
    strings: [],
    names: new Set(),
    globals: new Set(),
    accesses: new Set(),
    functions: [],
  };
  const bound = new Set<string>();
  const free = new Set<string>();
  visit(tree, (node) => {
    collectImport(file, node);
    collectString(file, node);
    collectFunction(file, node);
    if (ts.isIdentifier(node)) collectName({ file, bound, free }, node);
    if (ts.isPropertyAccessExpression(node) && ts.isIdentifier(node.expression)) {
      file.accesses.add(`${node.expression.text}.${node.name.text}`);
    }
  });
  for (const name of free) if (!bound.has(name)) file.globals.add(name);
  return file;
}

function visit(node: ts.Node, look: (node: ts.Node) => void): void {
  look(node);
  ts.forEachChild(node, (child) => visit(child, look));
}

function collectImport(file: SourceFile, node: ts.Node): void {
  if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) {
    file.imports.push(toImport(file.path, node.moduleSpecifier.text, importedValues(node.importClause)));
  } else if (
    ts.isExportDeclaration(node) &&
    node.moduleSpecifier &&
    ts.isStringLiteral(node.moduleSpecifier)
  ) {
    file.imports.push(toImport(file.path, node.moduleSpecifier.text, exportedValues(node)));
  } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
    const [argument] = node.arguments;
    if (argument && ts.isStringLiteral(argument)) {
      file.imports.push(toImport(file.path, argument.text, ['*']));
    }
  } else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
    const { literal } = node.argument;
    if (ts.isStringLiteral(literal)) file.imports.push(toImport(file.path, literal.text, []));
  }
}

function toImport(from: string, specifier: string, values: string[]): Import {
  const path = specifier.startsWith('.') ? posix.join(posix.dirname(from), specifier) : undefined;
  return { specifier, path, values, typeOnly: values.length === 0 };
}

function importedValues(clause: ts.ImportClause | undefined): string[] {
  if (clause === undefined) return ['*'];
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return [];
  const names = clause.name === undefined ? [] : ['default'];
  const bindings = clause.namedBindings;
  if (bindings === undefined) return names;
  if (ts.isNamespaceImport(bindings)) return [...names, '*'];
  return [...names, ...valuesOf(bindings.elements)];
}

function exportedValues(node: ts.ExportDeclaration): string[] {
  if (node.isTypeOnly) return [];
  if (node.exportClause === undefined || ts.isNamespaceExport(node.exportClause)) return ['*'];
  return valuesOf(node.exportClause.elements);
}

function valuesOf(elements: readonly (ts.ImportSpecifier | ts.ExportSpecifier)[]): string[] {
  return elements
    .filter((element) => !element.isTypeOnly)
    .map((element) => (element.propertyName ?? element.name).text);
}

function collectString(file: SourceFile, node: ts.Node): void {
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) file.strings.push(node.text);
  if (ts.isTemplateExpression(node)) {
    const rest = node.templateSpans.map((span) => `_${span.literal.text}`);
    file.strings.push(node.head.text + rest.join(''));
  }
}

function collectFunction(file: SourceFile, node: ts.Node): void {
  if ((ts.isFunctionDeclaration(node) || ts.isMethodDeclaration(node)) && node.name) {
    file.functions.push(node.name.getText());
  }
}

interface Names {
  file: SourceFile;
  bound: Set<string>;
  free: Set<string>;
}

function collectName({ file, bound, free }: Names, node: ts.Identifier): void {
  file.names.add(node.text);
  const { parent } = node;
  if (isBinding(parent, node)) bound.add(node.text);
  else if (!isMemberName(parent, node) && !isInType(parent)) free.add(node.text);
}

function isBinding(parent: ts.Node, node: ts.Identifier): boolean {
  return (
    (ts.isVariableDeclaration(parent) ||
      ts.isParameter(parent) ||
      ts.isBindingElement(parent) ||
      ts.isFunctionDeclaration(parent) ||
      ts.isClassDeclaration(parent) ||
      ts.isImportSpecifier(parent) ||
      ts.isImportClause(parent) ||
      ts.isNamespaceImport(parent)) &&
    parent.name === node
  );
}

function isMemberName(parent: ts.Node, node: ts.Identifier): boolean {
  if (ts.isPropertyAccessExpression(parent)) return parent.name === node;
  if (ts.isBindingElement(parent)) return parent.propertyName === node;
  if (ts.isImportSpecifier(parent) || ts.isExportSpecifier(parent)) return true;
  return (
    (ts.isPropertyAssignment(parent) ||
      ts.isPropertyDeclaration(parent) ||
      ts.isPropertySignature(parent) ||
      ts.isMethodDeclaration(parent) ||
      ts.isMethodSignature(parent) ||
      ts.isGetAccessor(parent)) &&
    parent.name === node
  );
}

/** `typeof fetch` in a type is no use of it. */
function isInType(parent: ts.Node): boolean {
  return ts.isTypeQueryNode(parent) || ts.isTypeReferenceNode(parent) || ts.isQualifiedName(parent);
}
