"use strict";
// The form is made from the API's own description, and starts with an ordinary person.

const show = (id) => document.getElementById(id);
let fields = {};
let ordinary = {};

const key = () => (show("key").value ? { "X-API-Key": show("key").value } : {});

async function ask(path, options = {}) {
  const answer = await fetch(path, { ...options, headers: { ...options.headers, ...key() } });
  const content = await answer.json();
  if (!answer.ok) {
    const faults = (content.errors || []).map((fault) => `${fault.pointer}: ${fault.rule}`);
    throw new Error([content.detail, ...faults].join(" "));
  }
  return content;
}

function refuse(error) {
  show("refusal").textContent = error.message;
  show("refusal").hidden = false;
  show("answer").hidden = true;
}

function addField(name, rule, value) {
  const label = document.createElement("label");
  label.htmlFor = name;
  label.textContent = name;
  label.title = rule.description || "";
  const input = document.createElement(rule.enum ? "select" : "input");
  for (const level of rule.enum || []) {
    input.add(new Option(level === "?" ? "? (not known)" : level, level));
  }
  if (!rule.enum) {
    Object.assign(input, { type: "number", min: rule.minimum, max: rule.maximum, step: 1 });
  }
  Object.assign(input, { id: name, name, required: true });
  input.value = value;
  show("fields").append(label, input);
}

async function begin() {
  const description = await ask("/openapi.json");
  const rules = description.components.schemas.Person.properties;
  const model = await ask("/v1/model");
  ordinary = model.reference;
  for (const name of Object.keys(ordinary)) {
    fields[name] = rules[name];
  }
  show("fields").replaceChildren();
  Object.keys(fields).forEach((name) => addField(name, fields[name], ordinary[name]));
}

function person() {
  return Object.fromEntries(Object.keys(fields).map((name) => {
    const value = show(name).value;
    return [name, fields[name].enum ? value : Number(value)];
  }));
}

function addReason(name, value, points, most) {
  const row = show("reasons").insertRow();
  row.dataset.field = name;
  row.insertCell().textContent = name;
  row.insertCell().textContent = value;
  row.insertCell().textContent = ordinary[name];
  const number = row.insertCell();
  number.className = "number";
  number.textContent = (points > 0 ? "+" : "") + points.toFixed(1);
  const bar = document.createElement("div");
  bar.className = "bar";
  const part = document.createElement("div");
  part.className = points > 0 ? "higher" : "lower";
  part.style.width = `${(50 * Math.abs(points)) / most}%`;
  part.style[points > 0 ? "left" : "right"] = "50%";
  bar.append(part);
  row.insertCell().append(bar);
}

function explain(asked, answer) {
  const whole = answer.predictions[0].probability;
  const reasons = Object.keys(fields).map((name, place) => ({
    name, points: 100 * (whole - answer.predictions[place + 1].probability) }));
  reasons.sort((a, b) => Math.abs(b.points) - Math.abs(a.points));
  const most = Math.max(Math.abs(reasons[0].points), 0.1);
  show("reasons").replaceChildren();
  reasons.forEach(({ name, points }) => addReason(name, asked[name], points, most));
}

async function submit(event) {
  event.preventDefault();
  const button = event.target.querySelector("button");
  button.disabled = true;
  try {
    const asked = person();
    const others = Object.keys(fields).map((name) => ({ ...asked, [name]: ordinary[name] }));
    const answer = await ask("/v1/predictions", {
      method: "POST", headers: { "Content-Type": "application/json" },
      body: JSON.stringify([asked, ...others]) });
    const { label, probability } = answer.predictions[0];
    show("label").textContent = label;
    show("probability").textContent = `${(100 * probability).toFixed(1)} % likely to earn more`;
    show("filled").style.width = `${100 * probability}%`;
    show("mark").style.left = `${100 * answer.threshold}%`;
    show("threshold").textContent = `${(100 * answer.threshold).toFixed(1)} %`;
    show("version").textContent = answer.model_version;
    show("request").textContent = answer.request_id;
    explain(asked, answer);
    show("hint").hidden = true;
    show("refusal").hidden = true;
    show("answer").hidden = false;
  } catch (error) {
    refuse(error);
  } finally {
    button.disabled = false;
  }
}

show("person").addEventListener("submit", submit);
show("key").addEventListener("change", () => begin().catch(refuse));
begin().catch(refuse);
