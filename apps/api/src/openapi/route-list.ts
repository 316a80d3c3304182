import { Injectable, RequestMethod } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { DiscoveryService, MetadataScanner, Reflector } from '@nestjs/core';
import { type AccessRule, allowKey } from '../oauth/allow.js';
import type { RouteDescription } from './route.js';

/** Is it an address for programs with a token, which is described and refused to everybody else? */
export const isOfPrograms = (url: string): boolean => /^\/(api\/v1|vc-api)(\/|$)/.test(url);

// Addresses for programs without a token that are described all the same.
const isDescribed = /^\/(ims\/case\/|b\/:id\/endorsements\.json$)/;

const parts = (path: unknown): string[] =>
  (Array.isArray(path) ? path : [path]).map((one) => String(one ?? '').replace(/^\/|\/$/g, ''));

const described = (path: string): string => path.replace(/:([A-Za-z]+)/g, '{$1}');

/** The routes that Fastify really has, and the access rules of their handlers. */
@Injectable()
export class RouteList {
  private readonly real = new Set<string>();

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
    private readonly reflector: Reflector,
  ) {}

  /** For Fastify's `onRoute` hook. */
  add(method: string | string[], url: string): void {
    for (const one of [method].flat())
      if (one !== 'HEAD' && one !== 'OPTIONS' && (isOfPrograms(url) || isDescribed.test(url)))
        this.real.add(`${one} ${described(url)}`);
  }

  /**
   * What differs between the descriptions and the routes, as sentences; empty when all is well.
   * Call after `app.init()`.
   */
  differences(routes: RouteDescription[]): string[] {
    const rules = this.accessRules();
    const names = routes.map((route) => `${route.method} ${route.path}`);
    return [
      ...names.filter((name, at) => names.indexOf(name) !== at).map((name) => `${name} is described twice`),
      ...[...this.real].filter((name) => !names.includes(name)).map((name) => `${name} is not described`),
      ...routes.flatMap((route, at) => {
        const name = names[at]!;
        if (!this.real.has(name)) return [`${name} is described but does not exist`];
        const rule = rules.get(name);
        const same = rule !== undefined && [rule].flat().join(' ') === [route.scopes].flat().join(' ');
        return same
          ? []
          : [`${name} is described with ${[route.scopes].flat()}, its @Allow says ${rule ?? 'nothing'}`];
      }),
    ];
  }

  private accessRules(): Map<string, AccessRule> {
    const rules = new Map<string, AccessRule>();
    for (const { instance, metatype } of this.discovery.getControllers()) {
      if (!instance || !metatype) continue;
      for (const name of this.scanner.getAllMethodNames(Object.getPrototypeOf(instance))) {
        const handler = (instance as Record<string, () => unknown>)[name]!;
        const rule = this.reflector.getAllAndOverride<AccessRule | undefined>(allowKey, [handler, metatype]);
        const method: RequestMethod | undefined = Reflect.getMetadata(METHOD_METADATA, handler);
        if (rule === undefined || method === undefined) continue;
        for (const prefix of parts(Reflect.getMetadata(PATH_METADATA, metatype)))
          for (const path of parts(Reflect.getMetadata(PATH_METADATA, handler)))
            rules.set(
              `${RequestMethod[method]} ${described(`/${[prefix, path].filter(Boolean).join('/')}`)}`,
              rule,
            );
      }
    }
    return rules;
  }
}
