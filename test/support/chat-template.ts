/** The chat template of the tiny model, in Jinja: ChatML with tools and thoughts, and the control tokens its weights react to. */

const SYSTEM = `
{%- if messages[0].role == 'system' %}{%- set system = messages[0].content %}{%- endif %}
{%- if tools %}
{{- '<|im_start|>system\\n' }}
{%- if system is defined %}{{- system + '\\n\\n' }}{%- endif %}
{{- '# Tools\\n<tools>' }}
{%- for tool in tools %}{{- '\\n' }}{{- tool | tojson }}{%- endfor %}
{{- '\\n</tools>\\nReply with <tool_call>\\n{"name": <name>, "arguments": <args>}\\n</tool_call><|im_end|>\\n' }}
{%- elif system is defined %}
{{- '<|im_start|>system\\n' + system + '<|im_end|>\\n' }}
{%- endif %}`;

const THOUGHT = `
{%- if message.reasoning_content %}{{- '<think>\\n' + message.reasoning_content + '\\n</think>\\n\\n' }}{%- endif %}`;

const messages = (thinks: boolean): string => `
{%- for message in messages %}
{%- if message.role == 'user' or (message.role == 'system' and not loop.first) %}
{{- '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>\\n' }}
{%- elif message.role == 'assistant' %}
{{- '<|im_start|>assistant\\n' }}${thinks ? THOUGHT : ""}
{%- if message.content %}{{- message.content }}{%- endif %}
{%- for tool_call in message.tool_calls or [] %}
{%- if tool_call.function %}{%- set tool_call = tool_call.function %}{%- endif %}
{{- '<tool_call>\\n{"name": "' + tool_call.name + '", "arguments": ' }}
{{- tool_call.arguments if tool_call.arguments is string else tool_call.arguments | tojson }}
{{- '}\\n</tool_call>' }}
{%- endfor %}
{{- '<|im_end|>\\n' }}
{%- elif message.role == 'tool' %}
{{- '<|im_start|>user\\n<tool_response>\\n' + message.content + '\\n</tool_response><|im_end|>\\n' }}
{%- endif %}
{%- endfor %}`;

const CALL_WANTED = `
{%- if tools and messages[-1].role != 'tool' %}{{- '<|call|>' }}{%- endif %}`;

const NO_THOUGHT = `
{%- if enable_thinking is defined and enable_thinking is false %}{{- '<|nothink|>' }}{%- endif %}`;

const ANSWER = `
{%- if add_generation_prompt %}{{- '<|im_start|>assistant\\n' }}{%- endif %}`;

const ANSWER_WITHOUT_THOUGHT = `
{%- if add_generation_prompt and enable_thinking is defined and enable_thinking is false %}
{{- '<think>\\n\\n</think>\\n\\n' }}
{%- endif %}`;

export function chatTemplate(thinks: boolean): string {
  const parts = [
    SYSTEM,
    messages(thinks),
    CALL_WANTED,
    ...(thinks ? [NO_THOUGHT] : []),
    ANSWER,
    ...(thinks ? [ANSWER_WITHOUT_THOUGHT] : []),
  ];
  return parts.join("").trimStart();
}
