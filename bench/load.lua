-- wrk -s load.lua <url> -- <read | poll | open | wait | plain> <directory> [<name of this run>]
-- The directory holds the access token (token) and the ids of sessions (ids). The last line says how many answers a second
-- were good ones, how many those are, and how many requests had another answer or none. With SECOND_PORT in the environment the
-- second thread loads that port. A poll is a read; each connection sends one in POLL_SECONDS on average.

local threads = 0

function setup(thread)
  thread:set("number", threads)
  threads = threads + 1
  local port = os.getenv("SECOND_PORT")
  if port and threads == 2 then
    thread.addr = wrk.lookup("127.0.0.1", port)[1]
  end
end

local headers = {}
local body = '{"returnUrl":"https://shop.example/liveness/done","title":"实名认证","reference":"%s"}'
local ids = {}
local sent = 0
local next_request = {}

local function path(id)
  return "/v1/liveness-sessions/" .. id
end

function init(args)
  local mode, directory, run = args[1], args[2], args[3]
  headers["Authorization"] = "Bearer " .. io.open(directory .. "/token"):read("*l")
  local file = io.open(directory .. "/ids")
  for id in file:lines() do
    ids[#ids + 1] = id
  end
  math.randomseed(os.time() + number)

  local prepared = {}
  for i, id in ipairs((mode == "read" or mode == "poll") and ids or {}) do
    prepared[i] = wrk.format("GET", path(id), headers)
  end
  local plain = wrk.format("GET", "/plain", headers)
  next_request.read = function() return prepared[math.random(#prepared)] end
  next_request.poll = next_request.read
  if mode == "poll" then
    local longest = os.getenv("POLL_SECONDS") * 2000
    delay = function() return math.random(0, longest) end
  end
  next_request.plain = function() return plain end
  next_request.open = function()
    local key = run .. "-" .. number .. "-" .. sent
    headers["Content-Type"] = "application/json"
    headers["Idempotency-Key"] = key
    return wrk.format("POST", "/v1/liveness-sessions", headers, body:format(key))
  end
  -- One thread, in the order in which they settle. After a refusal it waits, as a client should.
  local refused_last = false
  if mode == "wait" then
    response = function(status) refused_last = status ~= 200 end
    delay = function() return refused_last and 1000 or 0 end
  end
  next_request.wait = function()
    return wrk.format("GET", path(ids[(sent - 1) % #ids + 1]) .. "?waitSeconds=30", headers)
  end
  next_request.now = next_request[mode]
end

function request()
  sent = sent + 1
  return next_request.now()
end

function done(summary)
  local errors = summary.errors
  local good = summary.requests - errors.status
  io.write(string.format("RESULT %.1f %d %d\n", good / (summary.duration / 1e6), good,
    errors.status + errors.connect + errors.read + errors.write + errors.timeout))
end
