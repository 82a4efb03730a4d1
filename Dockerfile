# The package as it is published, on Node's own image. No shell script runs as root at its start.
FROM node:24-slim AS build
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
COPY tools ./tools
RUN npm ci --no-audit --no-fund
COPY . .
RUN npm run build && npm pack --ignore-scripts --pack-destination /tmp

FROM node:24-slim
COPY --from=build /tmp/interlock-*.tgz /tmp/
RUN npm install --global --no-audit --no-fund /tmp/interlock-*.tgz && rm /tmp/interlock-*.tgz
# What a process keeps for itself: checked policy sets and signing keys. The log is in Redis.
RUN mkdir -p /var/lib/interlock && chown node:node /var/lib/interlock
USER node
ENTRYPOINT ["interlock"]
CMD ["serve", "--config", "/etc/interlock/interlock.yaml"]
