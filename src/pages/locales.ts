import { ar } from './messages/ar.ts';
import { de } from './messages/de.ts';
import { en, type Messages } from './messages/en.ts';
import { es } from './messages/es.ts';
import { fr } from './messages/fr.ts';
import { ja } from './messages/ja.ts';
import { pt } from './messages/pt.ts';
import { zhCn } from './messages/zh-cn.ts';

/** The languages that come with the library, by BCP 47 tag. */
export const locales: Readonly<Record<string, Messages>> = { en, de, fr, es, pt, ja, 'zh-CN': zhCn, ar };
