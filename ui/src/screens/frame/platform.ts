export const mac = /Mac/.test(navigator.userAgent);
