import type { YamlObject, YamlValue } from '../types.ts';

/** Text of a scalar; empty for null, absent, lists and objects. */
export function yamlText(value: YamlValue | undefined): string {
  return value === undefined || value === null || typeof value === 'object' ? '' : String(value);
}

/** The texts of a list, or of the one value that stands where a list may. */
export function yamlTexts(value: YamlValue | undefined): readonly string[] {
  if (value === undefined) return [];
  return isYamlList(value) ? value.map(yamlText) : [yamlText(value)];
}

export function isYamlList(value: YamlValue | undefined): value is readonly YamlValue[] {
  return Array.isArray(value);
}

export function isYamlObject(value: YamlValue | undefined): value is YamlObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
