-- Wireshark dissector of weft's project-profile headers: the GSE header (EtherType 0x88b5) with its data, request, grant and
-- fault messages, CC_Update of credit-based flow control (EtherType 0x88b6), and the selective-repeat acknowledgement of RoCE
-- (opcode 0x1d). Layouts: src/wire/gse_header.hh, gse_messages.hh, credit_update.hh, sack_eth.hh. No standard is dissected here.
-- Use: tshark -X lua_script:weft.lua -r capture.pcapng; docs/wireshark.md says how to install it.

local type_names = { [1] = "data", [2] = "request", [3] = "grant", [4] = "fault" }
local event_names = { [1] = "link down", [2] = "link up" }
local header_size, unit = 16, 256

local gse = Proto("weft_gse", "GSE (weft project profile)")
local f = {
  version = ProtoField.uint8("weft_gse.version", "Version", base.DEC, nil, 0xf0),
  type = ProtoField.uint8("weft_gse.type", "Type", base.DEC, type_names, 0x0f),
  priority = ProtoField.uint8("weft_gse.priority", "Priority", base.DEC, nil, 0xe0),
  finish = ProtoField.bool("weft_gse.end", "End", 8, nil, 0x10),
  start = ProtoField.bool("weft_gse.start", "Start", 8, nil, 0x08),
  source = ProtoField.uint16("weft_gse.source", "Source device"),
  destination = ProtoField.uint16("weft_gse.destination", "Destination device"),
  port = ProtoField.uint16("weft_gse.port", "Port"),
  container = ProtoField.uint24("weft_gse.container", "Container"),
  packet = ProtoField.uint8("weft_gse.packet", "Packet in container"),
  offset = ProtoField.uint16("weft_gse.offset", "Offset in container (bytes)"),
  inner_type = ProtoField.uint16("weft_gse.inner_type", "EtherType carried", base.HEX),
  requested = ProtoField.uint24("weft_gse.requested", "Requested so far (256 bytes)"),
  granted = ProtoField.uint24("weft_gse.granted", "Granted so far (256 bytes)"),
  senders = ProtoField.uint8("weft_gse.senders", "Hosts that wait"),
  granted_seen = ProtoField.uint24("weft_gse.granted_seen", "Granted as seen (256 bytes)"),
  requested_seen = ProtoField.uint24("weft_gse.requested_seen", "Requested as seen (256 bytes)"),
  notice = ProtoField.uint24("weft_gse.notice", "Notice"),
  hops_left = ProtoField.uint8("weft_gse.hops_left", "Hops left"),
  event = ProtoField.uint16("weft_gse.event", "Event", base.DEC, event_names),
  peer = ProtoField.uint16("weft_gse.peer", "Device behind the port"),
}
gse.fields = {}
for _, field in pairs(f) do table.insert(gse.fields, field) end

local unknown = ProtoExpert.new("weft_gse.unknown", "Another version, type or event", expert.group.MALFORMED, expert.severity.ERROR)
local short = ProtoExpert.new("weft_gse.short", "Shorter than the header", expert.group.MALFORMED, expert.severity.ERROR)
gse.experts = { unknown, short }

-- What sequence, index, offset and aux are called, by type; false: nothing stands there, or what the next name begins with.
local words = {
  [1] = { f.container, f.packet, f.offset, f.inner_type },
  [2] = { f.requested, f.senders, false, f.granted_seen },
  [3] = { f.granted, false, false, f.requested_seen },
  [4] = { f.notice, f.hops_left, f.event, f.peer },
}

local summaries = {
  [1] = function(h) return string.format("container %d, packet %d", h(8, 3):uint(), h(11, 1):uint()) end,
  [2] = function(h) return string.format("%d bytes requested so far", h(8, 3):uint() * unit) end,
  [3] = function(h) return string.format("%d bytes granted so far", h(8, 3):uint() * unit) end,
  [4] = function(h) return string.format("%s at port %d", event_names[h(12, 2):uint()] or "unknown event", h(6, 2):uint()) end,
}

function gse.dissector(buffer, pinfo, tree)
  if buffer:len() < header_size then
    tree:add(gse, buffer()):add_proto_expert_info(short)
    return
  end
  local h = buffer(0, header_size)
  local kind = h(0, 1):bitfield(4, 4)
  local branch = tree:add(gse, h, "GSE, project profile: " .. (type_names[kind] or "unknown type"))
  branch:add(f.version, h(0, 1))
  branch:add(f.type, h(0, 1))
  branch:add(f.priority, h(1, 1))
  branch:add(f.finish, h(1, 1))
  branch:add(f.start, h(1, 1))
  branch:add(f.source, h(2, 2))
  branch:add(f.destination, h(4, 2))
  branch:add(f.port, h(6, 2))
  local names = words[kind]
  local bad_event = kind == 4 and event_names[h(12, 2):uint()] == nil
  if h(0, 1):bitfield(0, 4) ~= 1 or names == nil or bad_event then
    branch:add_proto_expert_info(unknown)
    return
  end
  branch:add(names[1], h(8, 3))
  if names[2] then branch:add(names[2], h(11, 1)) end
  if names[3] then branch:add(names[3], h(12, 2)) end
  branch:add(names[4], names[3] and h(14, 2) or h(13, 3))
  pinfo.cols.protocol = "GSE"
  pinfo.cols.info = string.format("%s %d to %d: %s", type_names[kind], h(2, 2):uint(), h(4, 2):uint(), summaries[kind](h))
  if kind == 1 then
    DissectorTable.get("ethertype"):try(h(14, 2):uint(), buffer(header_size):tvb(), pinfo, tree)
  end
end

DissectorTable.get("ethertype"):add(0x88b5, gse)

-- Kind 8, number of channels 8, then for each: channel 8, zero 4, credits consumed 20.
local credits = Proto("weft_cc_update", "CC_Update (weft project profile)")
local c = {
  kind = ProtoField.uint8("weft_cc_update.kind", "Kind"),
  count = ProtoField.uint8("weft_cc_update.count", "Number of channels"),
  channel = ProtoField.uint8("weft_cc_update.channel", "Virtual channel"),
  consumed = ProtoField.uint32("weft_cc_update.consumed", "Credits consumed so far", base.DEC, nil, 0xfffff),
}
credits.fields = { c.kind, c.count, c.channel, c.consumed }

local odd = ProtoExpert.new("weft_cc_update.unknown", "Another kind, or channels that do not follow the rules", expert.group.MALFORMED,
  expert.severity.ERROR)
credits.experts = { odd }

local kind_update, most_channels, last_channel = 1, 8, 31

-- Channels stand in ascending order, and counters have 20 bits.
local function follows_rules(buffer, count)
  if count == 0 or count > most_channels or buffer:len() < 2 + 4 * count then return false end
  local before = -1
  for i = 0, count - 1 do
    local channel = buffer(2 + 4 * i, 1):uint()
    if channel <= before or channel > last_channel or buffer(3 + 4 * i, 1):bitfield(0, 4) ~= 0 then return false end
    before = channel
  end
  return true
end

function credits.dissector(buffer, pinfo, tree)
  if buffer:len() < 2 then return end
  local count = buffer(1, 1):uint()
  local good = buffer(0, 1):uint() == kind_update and follows_rules(buffer, count)
  local branch = tree:add(credits, buffer(0, good and 2 + 4 * count or 2))
  branch:add(c.kind, buffer(0, 1))
  branch:add(c.count, buffer(1, 1))
  pinfo.cols.protocol = "CBFC"
  if not good then
    branch:add_proto_expert_info(odd)
    return
  end
  local words = {}
  for i = 0, count - 1 do
    local word = buffer(2 + 4 * i, 4)
    branch:add(c.channel, word(0, 1))
    branch:add(c.consumed, word)
    table.insert(words, string.format("channel %d: %d", word(0, 1):uint(), word:bitfield(12, 20)))
  end
  pinfo.cols.info = "CC_Update, credits consumed: " .. table.concat(words, ", ")
end

DissectorTable.get("ethertype"):add(0x88b6, credits)

-- Behind BTH (12) and AETH (4) of a packet of opcode 0x1d: trigger PSN 24, reserved 8, bitmap 64.
local sack = Proto("weft_sack", "RoCE selective acknowledgement (weft project profile)")
local s = {
  trigger = ProtoField.uint24("weft_sack.trigger", "Trigger PSN"),
  bitmap = ProtoField.uint64("weft_sack.bitmap", "Kept, from the trigger backwards", base.HEX),
  count = ProtoField.uint8("weft_sack.count", "Packets kept beyond the acknowledged one"),
}
sack.fields = { s.trigger, s.bitmap, s.count }

local udp_port, udp_header = Field.new("udp.dstport"), Field.new("udp")
local bth_size, aeth_size, sack_size, opcode_sack = 12, 4, 12, 0x1d

local function ones(range)
  local count = 0
  for bit = 0, range:len() * 8 - 1 do count = count + range:bitfield(bit, 1) end
  return count
end

function sack.dissector(buffer, pinfo, tree)
  local port, udp = udp_port(), udp_header()
  if port == nil or udp == nil or port.value ~= 4791 then return end
  local bth = udp.offset + 8
  if buffer:len() < bth + bth_size + aeth_size + sack_size or buffer(bth, 1):uint() ~= opcode_sack then return end
  local range = buffer(bth + bth_size + aeth_size, sack_size)
  local branch = tree:add(sack, range)
  branch:add(s.trigger, range(0, 3))
  branch:add(s.bitmap, range(4, 8))
  branch:add(s.count, range(4, 8), ones(range(4, 8)))
  pinfo.cols.info = string.format("Selective acknowledgement, trigger PSN %d, %d packets kept", range(0, 3):uint(), ones(range(4, 8)))
end

register_postdissector(sack)
