-- wrk: POST /connect, each request on a connection of its own with a key and a grant of its own, from a file of "KEY TOKEN" lines.
local threads = 0

function setup(thread)
  thread:set("number", threads)
  threads = threads + 1
end

function init(args)
  -- Each of two threads takes every other line.
  local count = tonumber(args[2])
  lines = {}
  next_line = 0
  local index = 0
  for line in io.lines(args[1]) do
    if index % count == number then lines[#lines + 1] = line end
    index = index + 1
  end
end

function request()
  next_line = next_line + 1
  local line = lines[next_line]
  if line == nil then
    wrk.thread:stop()
    line = lines[1]
  end
  local space = line:find(" ")
  return wrk.format("POST", "/connect", { ["Authorization"] = "Bearer " .. line:sub(space + 1), ["Connection"] = "close" },
    '{"PeerPublicKey":"' .. line:sub(1, space - 1) .. '"}')
end

function done(summary, latency, requests)
  io.write(string.format("result %d %d %d %d %d %d %d\n", summary.requests, summary.duration,
    summary.errors.connect, summary.errors.read, summary.errors.write, summary.errors.status, summary.errors.timeout))
end
