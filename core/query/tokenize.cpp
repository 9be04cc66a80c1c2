// SPDX-License-Identifier: GPL-3.0-or-later
#include "attributes.h"
#include "lexer.h"
#include "literal.h"
#include "runglass/base/text.h"
#include "runglass/query/filter.h"

namespace runglass::query {

namespace {

bool isOperatorWord(const Lexeme& lexeme) {
    return lexeme.isKeyword("like") || lexeme.isKeyword("ilike");
}

Token::Kind wordKind(const Lexeme& lexeme, bool value) {
    if (!lexeme.hasQuotes && isReserved(lexeme.text)) {
        return Token::Kind::Keyword;
    }
    if (!value) {
        return Token::Kind::Field;
    }
    if (lexeme.isKeyword("true") || lexeme.isKeyword("false")) {
        return Token::Kind::Keyword;
    }
    const bool number = parseDouble(lexeme.text) || parseDurationMs(lexeme.text) || parseTime(lexeme.text);
    return number ? Token::Kind::Number : Token::Kind::String;
}

Token::Kind kindOf(const Lexeme& lexeme, bool value) {
    switch (lexeme.kind) {
        case LexemeKind::Word:
            return wordKind(lexeme, value);
        case LexemeKind::Single:
            return Token::Kind::String;
        case LexemeKind::Double:
            return value ? Token::Kind::String : Token::Kind::Field;
        case LexemeKind::Operator:
            return Token::Kind::Operator;
        case LexemeKind::Open:
        case LexemeKind::Close:
            return Token::Kind::Parenthesis;
        case LexemeKind::Comma:
            return Token::Kind::Comma;
        case LexemeKind::Unterminated:
        case LexemeKind::Unknown:
        case LexemeKind::End:
            break;
    }
    return Token::Kind::Unknown;
}

}  // namespace

std::vector<Token> tokenize(std::string_view text) {
    std::vector<Token> tokens;
    bool value = false;  // whether a value is due: after an operator, and within the list of `in`
    bool list = false;
    bool afterIn = false;
    for (const auto& lexeme : lex(text)) {
        if (lexeme.kind == LexemeKind::End) {
            break;
        }
        list = (list && lexeme.kind != LexemeKind::Close) || (afterIn && lexeme.kind == LexemeKind::Open);
        afterIn = lexeme.isKeyword("in");
        const bool afterIs =
            !tokens.empty() && tokens.back().kind == Token::Kind::Keyword && lexeme.isKeyword("nan");
        const auto kind = afterIs ? Token::Kind::Keyword : kindOf(lexeme, value || list);
        tokens.push_back({kind, lexeme.position, lexeme.length});
        value = lexeme.kind == LexemeKind::Operator || isOperatorWord(lexeme);
    }
    return tokens;
}

}  // namespace runglass::query
