/** The one script of every page: htmx for small updates, and the custom elements. */

import htmx from "htmx.org";
import { ChannelList } from "./elements/channel-list.ts";
import { ChatRoom } from "./elements/chat-room.ts";
import { LivePage } from "./elements/live-page.ts";
import { MemberList } from "./elements/member-list.ts";
import { NewsLine } from "./elements/news-line.ts";
import { NoticeBell } from "./elements/notice-bell.ts";
import { NoticePush } from "./elements/notice-push.ts";
import { OwnTables } from "./elements/own-tables.ts";
import { PassKey } from "./elements/pass-key.ts";
import { SearchBox } from "./elements/search-box.ts";
import { UnreadList } from "./elements/unread-list.ts";
import { sendOnce } from "./once.ts";

// The style that htmx would add has no place in a strict policy; ours are in the sheet.
htmx.config.includeIndicatorCSS = false;

document.addEventListener("submit", sendOnce);

customElements.define("live-page", LivePage);
customElements.define("pass-key", PassKey);
customElements.define("channel-list", ChannelList);
customElements.define("member-list", MemberList);
customElements.define("news-line", NewsLine);
customElements.define("notice-bell", NoticeBell);
customElements.define("notice-push", NoticePush);
customElements.define("own-tables", OwnTables);
customElements.define("search-box", SearchBox);
customElements.define("unread-list", UnreadList);
customElements.define("chat-room", ChatRoom);
