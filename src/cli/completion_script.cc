// The completion scripts of four shells. Each asks the program itself by __complete, so they never go out of date.
#include <algorithm>

#include "cli/completion.h"

namespace canaria::cli {
namespace {

constexpr const char* kBash = R"SH(# bash completion for @PROGRAM@                              -*- shell-script -*-

__@WORD@_complete()
{
    local current="${COMP_WORDS[COMP_CWORD]}" answer mask line
    COMPREPLY=()
    # Bash splits words at "=" and ":"; the program gets the line up to the cursor as typed.
    answer="$("${COMP_WORDS[0]}" __complete "${COMP_WORDS[@]:1:COMP_CWORD-1}" "$current" 2>/dev/null)" || return
    mask="${answer##*:}"
    answer="${answer%:*}"
    (( mask & 1 )) && return
    if (( mask & 2 )); then compopt -o nospace 2>/dev/null; fi
    if (( mask & 4 )); then compopt +o default 2>/dev/null; fi
    while IFS='' read -r line; do
        line="${line%%$'\t'*}"
        [[ -n $line && $line == "$current"* ]] && COMPREPLY+=("$line")
    done <<< "$answer"
}

complete -o default -F __@WORD@_complete @PROGRAM@
)SH";

constexpr const char* kZsh = R"SH(#compdef @PROGRAM@
# zsh completion for @PROGRAM@                               -*- shell-script -*-

_@WORD@()
{
    local answer mask line word
    local -a candidates
    answer="$("${words[1]}" __complete "${(@)words[2,CURRENT]}" 2>/dev/null)" || return
    mask="${answer##*:}"
    answer="${answer%:*}"
    (( mask & 1 )) && return
    for line in "${(@f)answer}"; do
        [[ -z $line ]] && continue
        word="${line%%$'\t'*}"
        word="${word//:/\\:}"
        if [[ $line == *$'\t'* ]]; then candidates+=("$word:${line#*$'\t'}"); else candidates+=("$word"); fi
    done
    if (( ${#candidates} )); then
        if (( mask & 2 )); then _describe -V completions candidates -S ''; else _describe -V completions candidates; fi
    elif (( ! (mask & 4) )); then
        _files
    fi
}

if [ "$funcstack[1]" = "_@WORD@" ]; then
    _@WORD@
else
    compdef _@WORD@ @PROGRAM@
fi
)SH";

constexpr const char* kFish = R"SH(# fish completion for @PROGRAM@                              -*- shell-script -*-

function __@WORD@_ask
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l answer ($words[1] __complete $words[2..-1] "$current" 2>/dev/null)
    set -g __@WORD@_mask (string sub --start 2 -- $answer[-1])
    set -g __@WORD@_candidates $answer[1..-2]
end

function __@WORD@_wants_files
    __@WORD@_ask
    test (math "bitand($__@WORD@_mask, 5)") -eq 0; and test (count $__@WORD@_candidates) -eq 0
end

function __@WORD@_answers
    __@WORD@_ask
    test (math "bitand($__@WORD@_mask, 1)") -eq 0; or return
    string join \n -- $__@WORD@_candidates
end

complete -c @PROGRAM@ -e
complete -c @PROGRAM@ -n 'not __@WORD@_wants_files' -f -a '(__@WORD@_answers)'
)SH";

constexpr const char* kPowershell = R"SH(# powershell completion for @PROGRAM@                        -*- shell-script -*-

Register-ArgumentCompleter -Native -CommandName '@PROGRAM@' -ScriptBlock {
    param($WordToComplete, $CommandAst, $CursorPosition)
    $Words = @($CommandAst.CommandElements | Where-Object { $_.Extent.EndOffset -lt $CursorPosition -or $WordToComplete -eq '' } |
        ForEach-Object { $_.ToString() })
    $Program = $Words[0]
    $Before = @($Words | Select-Object -Skip 1)
    # Windows PowerShell drops empty arguments unless they are quoted.
    $Last = if ($WordToComplete -eq '' -and $PSVersionTable.PSVersion -lt [version]'7.3.0') { '""' } else { $WordToComplete }
    $Answer = @(& $Program __complete @Before $Last 2>$null)
    if ($Answer.Length -eq 0) { return }
    $Mask = [int]$Answer[-1].Substring(1)
    if ($Mask -band 1) { return }
    $Candidates = @($Answer | Select-Object -SkipLast 1)
    if ($Candidates.Length -eq 0) {
        if ($Mask -band 4) { '' }
        return
    }
    $Space = if ($Mask -band 2) { '' } else { ' ' }
    $Candidates | ForEach-Object {
        $Parts = $_.Split("`t", 2)
        $Meaning = if ($Parts.Length -gt 1 -and $Parts[1]) { $Parts[1] } else { $Parts[0] }
        [System.Management.Automation.CompletionResult]::new($Parts[0] + $Space, $Parts[0], 'ParameterValue', $Meaning)
    }
}
)SH";

std::string replaced(std::string text, const std::string& what, const std::string& by) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size()))
    text.replace(at, what.size(), by);
  return text;
}

}  // namespace

std::string completion_script(const std::string& shell, const std::string& program) {
  const char* script = shell == "bash" ? kBash : shell == "zsh" ? kZsh : shell == "fish" ? kFish : kPowershell;
  std::string word = program;
  std::ranges::replace(word, '-', '_');
  return replaced(replaced(script, "@PROGRAM@", program), "@WORD@", word);
}

}  // namespace canaria::cli
